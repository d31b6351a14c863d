import { type CheckResult, fail, ok, warn } from '../check-result.ts';
import { findContainerLimits } from '../container-limits.ts';
import type { CheckContext } from '../preflight-request.ts';
import { formatGibibytes, gibibyte } from '../sizes.ts';

const needed = '3 GiB available for the smallest model; 12 GiB for one of the 8B class';

/** Available memory, and the class of chat model that it carries (4-bit weights, short context). */
export async function checkMemory({ host }: CheckContext): Promise<CheckResult> {
  const text = (await host.readText('/proc/meminfo')) ?? '';
  const kibibytes = Number(/^MemAvailable:\s+(\d+) kB$/m.exec(text)?.[1] ?? Number.NaN);
  if (Number.isNaN(kibibytes)) {
    const mend = 'Mount /proc in this container, then try again';
    return warn('memory', { found: 'unknown: /proc/meminfo cannot be read', needed, mend });
  }
  const limit = (await findContainerLimits(host)).memoryBytes ?? Number.POSITIVE_INFINITY;
  const bytes = Math.min(kibibytes * 1024, limit);
  const found = `${formatGibibytes(bytes)} available: ${carries(bytes)}`;
  if (bytes < 3 * gibibyte) {
    const mend = 'Stop other programs, or give the host (or the container) more memory';
    return fail('memory', { found, needed, mend });
  }
  if (bytes >= 12 * gibibyte) return ok('memory', { found, needed });
  const mend = 'It works; answers get better with 12 GiB or more and an 8B-class model';
  return warn('memory', { found, needed, mend });
}

function carries(bytes: number): string {
  if (bytes >= 48 * gibibyte) return 'a 32B-class model or smaller';
  if (bytes >= 20 * gibibyte) return 'a 14B-class model or smaller';
  if (bytes >= 12 * gibibyte) return 'an 8B-class model or smaller';
  if (bytes >= 6 * gibibyte) return 'a 4B-class model or smaller';
  return bytes >= 3 * gibibyte ? 'only the smallest models' : 'too little for any model';
}
