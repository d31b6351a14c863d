import { type CheckResult, fail, ok, warn } from '../check-result.ts';
import { existingAncestor, findMount } from '../mounts.ts';
import type { CheckContext } from '../preflight-request.ts';
import { formatGibibytes, gibibyte } from '../sizes.ts';

/** Minimum and recommendation of each directory; they add up where they share a file system. */
const wants = {
  data: { least: 4 * gibibyte, better: 40 * gibibyte },
  cache: { least: 1.5 * gibibyte, better: 8 * gibibyte },
  programs: { least: 1 * gibibyte, better: 2 * gibibyte },
} as const;

type Share = { dir: string; names: string[]; least: number; better: number };

/** One result for each file system that the appliance writes to. */
export async function checkDiskSpace(context: CheckContext): Promise<CheckResult[]> {
  const shares = new Map<string, Share>();
  for (const name of ['data', 'cache', 'programs'] as const) {
    const dir = context.request.directories[name];
    const mount = await findMount(context.host, dir);
    const key = mount ? `${mount.device} ${mount.source}` : dir;
    const share = shares.get(key) ?? { dir, names: [], least: 0, better: 0 };
    share.names.push(name);
    share.least += wants[name].least;
    share.better += wants[name].better;
    shares.set(key, share);
  }
  return Promise.all([...shares.values()].map((share) => judge(context, share)));
}

async function judge({ host }: CheckContext, share: Share): Promise<CheckResult> {
  const id = `disk-space-${share.names.join('-')}`;
  const needed = `${formatGibibytes(share.least)} for ${share.names.join(', ')}; ${formatGibibytes(share.better)} recommended`;
  const place = await existingAncestor(host, share.dir);
  const space = await host.space(place);
  if (!space) {
    const mend = `See why \`df ${place}\` does not answer`;
    return warn(id, { found: `unknown at ${place}`, needed, mend });
  }
  const found = `${formatGibibytes(space.freeBytes)} free at ${place}`;
  if (space.freeBytes >= share.better) return ok(id, { found, needed });
  const mend = 'Free some space, enlarge the file system, or choose another place with --data-dir';
  return space.freeBytes < share.least
    ? fail(id, { found, needed, mend })
    : warn(id, { found, needed, mend });
}
