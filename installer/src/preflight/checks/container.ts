import { type CheckResult, ok, warn } from '../check-result.ts';
import { findContainerLimits } from '../container-limits.ts';
import type { CheckContext } from '../preflight-request.ts';
import { formatGibibytes } from '../sizes.ts';

const needed = 'no limit, or at least 2 cores and 512 processes';

/** The limits of a container or a slice, which tools such as `free` do not show. */
export async function checkContainer({ host }: CheckContext): Promise<CheckResult> {
  const { memoryBytes, cores, processes } = await findContainerLimits(host);
  const found = [
    memoryBytes !== null && `memory ${formatGibibytes(memoryBytes)}`,
    cores !== null && `${cores.toFixed(1)} cores`,
    processes !== null && `${processes} processes`,
  ].filter(Boolean);
  const words = { found: found.length > 0 ? found.join(', ') : 'no limit', needed };
  const tight = (cores !== null && cores < 2) || (processes !== null && processes < 512);
  if (!tight) return ok('container-limits', words);
  const mend =
    'Raise the limits of the container (cpus, pids-limit) or of the slice (CPUQuota, TasksMax)';
  return warn('container-limits', { ...words, mend });
}
