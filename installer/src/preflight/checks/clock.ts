import { type CheckResult, fail, ok, warn } from '../check-result.ts';
import type { Host } from '../host.ts';
import type { CheckContext } from '../preflight-request.ts';

/** No clock can rightly be before the day this version was made. */
export const releaseDate = '2026-11-01';
const needed =
  'a clock that is right and kept right: sign-in, certificates and the audit log need it';
const synchronise =
  'Turn synchronisation on: `timedatectl set-ntp true`, or chrony with a time server of your network';

export async function checkClock({ host }: CheckContext): Promise<CheckResult[]> {
  return [checkDate(host), await checkSynchronisation(host)];
}

function checkDate(host: Host): CheckResult {
  const found = host.now().toISOString();
  if (found >= releaseDate) return ok('clock', { found, needed });
  const mend = `Set it: \`date -u -s 'YYYY-MM-DD hh:mm'\`. This version was made on ${releaseDate}`;
  return fail('clock', { found, needed, mend });
}

async function checkSynchronisation(host: Host): Promise<CheckResult> {
  const id = 'clock-synchronisation';
  const state = await findSynchronisation(host);
  if (state === null) {
    const found = 'unknown: neither systemd nor chrony says';
    const mend = `${synchronise}; in a container or virtual machine, confirm that its host does`;
    return warn(id, { found, needed, mend });
  }
  return state.synchronised
    ? ok(id, { found: `synchronised, says ${state.by}`, needed })
    : warn(id, { found: `not synchronised, says ${state.by}`, needed, mend: synchronise });
}

async function findSynchronisation(
  host: Host,
): Promise<{ synchronised: boolean; by: string } | null> {
  const systemd = await host.run('timedatectl', ['show', '-p', 'NTPSynchronized', '--value']);
  const answer = systemd?.code === 0 ? systemd.stdout.trim() : '';
  if (answer === 'yes' || answer === 'no') {
    return { synchronised: answer === 'yes', by: 'timedatectl' };
  }
  const chrony = await host.run('chronyc', ['-c', 'tracking']);
  // The last field is the leap status; 'Not synchronised' is one of its four values.
  const leap = chrony?.code === 0 ? chrony.stdout.trim().split(',').at(-1) : undefined;
  return leap ? { synchronised: leap !== 'Not synchronised', by: 'chrony' } : null;
}
