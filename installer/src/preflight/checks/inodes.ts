import { type CheckResult, fail, ok, warn } from '../check-result.ts';
import { existingAncestor } from '../mounts.ts';
import type { CheckContext } from '../preflight-request.ts';

const id = 'inodes';
const needed = '20,000 free; 1,500,000 for 10,000 tenants (150 files each)';

export async function checkInodes({ host, request }: CheckContext): Promise<CheckResult> {
  const dir = await existingAncestor(host, request.directories.data);
  const space = await host.space(dir);
  if (!space) {
    const mend = `See why \`df -i ${dir}\` does not answer`;
    return warn(id, { found: `unknown at ${dir}`, needed, mend });
  }
  if (space.totalInodes === 0) return ok(id, { found: 'made as needed', needed });
  const found = `${space.freeInodes.toLocaleString('en')} free at ${dir}`;
  if (space.freeInodes >= 1_500_000) return ok(id, { found, needed });
  const tenants = Math.floor(space.freeInodes / 150).toLocaleString('en');
  const mend = `Enough for ${tenants} tenants. For more use XFS, or ext4 made with \`mkfs.ext4 -i 8192\``;
  return space.freeInodes < 20_000
    ? fail(id, { found, needed, mend })
    : warn(id, { found, needed, mend });
}
