import { type CheckResult, fail, ok, warn } from '../check-result.ts';
import type { CheckContext } from '../preflight-request.ts';

const id = 'open-files';
const needed = '8,192 open files for each program; 1,024 at least';

/** The hard limit: programs raise their soft one to it by themselves. */
export async function checkOpenFiles({ host }: CheckContext): Promise<CheckResult> {
  const text = (await host.readText('/proc/self/limits')) ?? '';
  const hard = /^Max open files\s+\S+\s+(\S+)/m.exec(text)?.[1];
  const limit = hard === 'unlimited' ? Number.POSITIVE_INFINITY : Number(hard);
  const mend =
    'Raise it: `* hard nofile 65536` in /etc/security/limits.conf and sign in again, or --ulimit nofile=65536 for a container';
  if (Number.isNaN(limit)) return warn(id, { found: 'unknown', needed, mend });
  const found = hard === 'unlimited' ? 'no limit' : limit.toLocaleString('en');
  if (limit >= 8192) return ok(id, { found, needed });
  return limit < 1024 ? fail(id, { found, needed, mend }) : warn(id, { found, needed, mend });
}
