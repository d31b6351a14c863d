import type { BackupManifest } from './manifest.ts';
import type { BackupContext, BackupPlan } from './plan.ts';
import { readBackups } from './read-backups.ts';
import { listSnapshots, restic, type Snapshot } from './restic.ts';
import { note } from './state.ts';

const DAY = 86_400_000;

type Held = {
  backups: readonly BackupManifest[];
  data: readonly Snapshot[];
  keys: readonly Snapshot[];
};

/**
 * What is to be forgotten. Backups beyond the retention go, but never the newest complete one; with them
 * the log before the oldest that stays, and what no manifest names (a killed run's) once it is a day old.
 * Of the key service only the retention counts: a destroyed key must not live longer in a backup; the
 * newest snapshot stays, which never holds one. After a leap of time nothing goes this once: the host may
 * have been off, or its clock may be wrong. Pure.
 */
export function expired(
  now: Date,
  plan: Pick<BackupPlan, 'retentionDays' | 'keyRetentionDays' | 'everyHours'>,
  { backups, data, keys }: Held,
): { data: string[]; keys: string[] } {
  const age = (time: string) => now.getTime() - new Date(time).getTime();
  if (hasLeapt(plan, backups)) return { data: [], keys: [] };
  const newest = backups.filter(({ complete }) => complete).at(-1) ?? backups.at(-1);
  const kept = backups.filter(
    (one) => one === newest || age(one.madeAt) <= plan.retentionDays * DAY,
  );
  const oldest = kept
    .map(({ startedAt }) => startedAt)
    .sort()
    .at(0);
  const keptTags = new Set(kept.map(({ id }) => `backup=${id}`));
  const known = new Set(backups.map(({ id }) => `backup=${id}`));
  const goes = ({ tags, time }: Snapshot): boolean => {
    if (tags.includes('wal')) return oldest !== undefined && new Date(time) < new Date(oldest);
    const of = tags.find((tag) => tag.startsWith('backup='));
    if (of === undefined || keptTags.has(of)) return false;
    return known.has(of) || age(time) > DAY;
  };
  const last = keys.at(-1);
  return {
    data: data.filter(goes).map(({ id }) => id),
    keys: keys
      .filter((one) => one !== last && age(one.time) > plan.keyRetentionDays * DAY)
      .map(({ id }) => id),
  };
}

/** Half of the retention lies between the last backup and the one before, and more than two were due. */
function hasLeapt(
  plan: Pick<BackupPlan, 'retentionDays' | 'everyHours'>,
  backups: readonly BackupManifest[],
): boolean {
  const [before, last] = backups.slice(-2).map(({ madeAt }) => Date.parse(madeAt));
  if (before === undefined || last === undefined) return false;
  const gap = last - before;
  return gap > (plan.retentionDays * DAY) / 2 && gap > (2 * plan.everyHours * DAY) / 24;
}

/** Forgets what is over its time, and frees its room: after that restic can't read it either. */
export async function expireBackups(context: BackupContext, now: Date): Promise<number> {
  const { repositories, plan } = context;
  const found = expired(now, plan, {
    backups: await readBackups(repositories),
    data: await listSnapshots(repositories, 'data'),
    keys: await listSnapshots(repositories, 'keys'),
  });
  for (const name of ['data', 'keys'] as const) {
    if (found[name].length === 0) continue;
    // What was deleted must not live on in a pack that is used for something else.
    await restic(repositories, name, {
      args: ['forget', '--prune', '--max-unused', '0', ...found[name]],
    });
  }
  const oldest = async (name: 'data' | 'keys') =>
    (await listSnapshots(repositories, name)).at(0)?.time ?? null;
  const seen = { data: await oldest('data'), keys: await oldest('keys') };
  await note(context.layout, (state) => ({
    ...state,
    oldest: { ...seen, seenAt: now.toISOString() },
  }));
  return found.data.length + found.keys.length;
}
