import type { BackupSight } from '../../backup/look-at-backups.ts';
import { broken, holds, unseen, type HostCheck, type HostFinding } from '../host-check.ts';

/**
 * RES-04: the backups as the repositories themselves show them, not only as this host notes them: the last
 * complete one, the snapshots of the key service, the escrow, and what the last drill said.
 */
export const keptBackups: HostCheck = {
  control: 'RES-04',
  name: 'kept-backups',
  run: async ({ lookAtBackups, host }) => {
    const sight = await lookAtBackups();
    if (!sight) return unseen('No backups are planned here: casemate backup schedule.');
    const fault = faultOf(host.now(), sight);
    if (fault !== null) return broken(fault);
    return judgeDrill(host.now(), sight);
  },
};

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Two clocks may differ so much. */
const AHEAD_MS = 5 * 60_000;

function faultOf(now: Date, { plan, state, newest, holdsLast, hasRecipient }: BackupSight) {
  for (const [name, { fault }] of Object.entries(newest))
    if (fault !== null) return `The repository ${name} could not be read: ${fault}.`;
  const age = (at: string | null | undefined) => (at ? now.getTime() - Date.parse(at) : Infinity);
  const { backup, failed } = state;
  if (!backup) return 'No backup was made yet: casemate backup create.';
  if (!backup.complete || !hasRecipient || newest.recovery.at === null)
    return 'The last backup is not complete: casemate backup key, then casemate backup create.';
  if (age(backup.at) < -AHEAD_MS)
    return `The last backup is dated ahead of this host's clock (${backup.at}).`;
  if (age(backup.at) > 2 * plan.everyHours * HOUR)
    return `The last backup is of ${backup.at}, and one is planned every ${plan.everyHours} hours.`;
  if (!holdsLast) return `The repository does not hold the last backup (${backup.id}).`;
  if (age(newest.keys.at) > 2 * DAY)
    return `The last snapshot of the key service is of ${newest.keys.at ?? 'no time'}.`;
  if (failed?.log) return `The log of the database is not saved: ${failed.log.why}.`;
  return null;
}

function judgeDrill(now: Date, { plan, state, newest }: BackupSight): HostFinding {
  const { backup, drill } = state;
  if (!drill) return unseen('No drill was held yet: casemate backup drill.');
  if (!drill.passed) return broken(`The drill of ${drill.at} failed: ${drill.said}`);
  if (now.getTime() - Date.parse(drill.at) > 2 * plan.drillDays * DAY)
    return broken(
      `The last drill is of ${drill.at}, and one is planned every ${plan.drillDays} days.`,
    );
  return holds(
    `Complete backup of ${backup?.at ?? ''} and key service of ${newest.keys.at ?? ''} are in their ` +
      `repositories, the escrow beside them; drill of ${drill.at}: ${drill.said}`,
  );
}
