import { type CheckResult, fail, ok, warn } from '../check-result.ts';
import { existingAncestor } from '../mounts.ts';
import type { CheckContext } from '../preflight-request.ts';

const id = 'disk-speed';
const needed = '50 MiB/s, and a synchronised write in 20 ms: each saved message waits for one';

/** A second of writing where the data will be; nothing of it stays. */
export async function checkDiskSpeed({ host, request }: CheckContext): Promise<CheckResult> {
  const dir = await existingAncestor(host, request.directories.data);
  const speed = await host.measureWriting(dir);
  if ('error' in speed) return explain(speed.error, dir);
  const { mebibytesPerSecond: rate, syncMilliseconds: sync } = speed;
  const found = `${Math.round(rate)} MiB/s, ${sync.toFixed(1)} ms for a synchronised write`;
  if (rate >= 50 && sync <= 20) return ok(id, { found, needed });
  const mend =
    'Put the data on an SSD (--data-dir DIR); network and USB disks are too slow for a database';
  return warn(id, { found, needed, mend });
}

function explain(code: string, dir: string): CheckResult {
  if (code === 'ENOSPC') {
    const mend = 'Free some space, or choose another place with --data-dir';
    return fail(id, { found: `${dir} is full`, needed, mend });
  }
  if (code === 'EROFS') {
    const mend = `Mount it writable (\`mount -o remount,rw\`; see \`dmesg\` for a disk error), or use --data-dir`;
    return fail(id, { found: `${dir} is read only`, needed, mend });
  }
  const mend = `Try it yourself: \`touch ${dir}/x\``;
  return warn(id, { found: `unknown: ${dir} cannot be written (${code})`, needed, mend });
}
