import { type CheckResult, fail, ok, warn } from '../check-result.ts';
import type { CheckContext } from '../preflight-request.ts';

const needed = '2 cores; 8 or more for several people at once';

export function checkCores({ host }: CheckContext): CheckResult {
  const found = host.cores === 1 ? '1 core' : `${host.cores} cores`;
  if (host.cores >= 2) return ok('cores', { found, needed });
  const mend = 'Give the host (or the container) at least two cores';
  return host.cores === 1
    ? warn('cores', { found, needed, mend })
    : fail('cores', { found, needed, mend });
}
