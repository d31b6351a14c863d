import { type CheckResult, fail, ok, warn } from '../check-result.ts';
import type { CheckContext } from '../preflight-request.ts';

const id = 'open-files';
const needed = '65,536 open files for each program; 4,096 at least';

/** The hard limit: programs raise their soft one to it by themselves. */
export async function checkOpenFiles({ host }: CheckContext): Promise<CheckResult> {
  const text = (await host.readText('/proc/self/limits')) ?? '';
  const hard = /^Max open files\s+\S+\s+(\S+)/m.exec(text)?.[1];
  const limit = hard === 'unlimited' ? Number.POSITIVE_INFINITY : Number(hard);
  const mend =
    'Raise it: `* hard nofile 65536` in /etc/security/limits.conf and sign in again, or --ulimit nofile=65536 for a container';
  if (Number.isNaN(limit)) return warn(id, { found: 'unknown', needed, mend });
  const found = hard === 'unlimited' ? 'no limit' : limit.toLocaleString('en');
  // Root raises the limit for each program when it starts it.
  if (limit >= 65_536 || host.uid === 0) return ok(id, { found, needed });
  return limit < 4096 ? fail(id, { found, needed, mend }) : warn(id, { found, needed, mend });
}
