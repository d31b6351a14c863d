import { existsSync } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { findPlan } from '../backup/plan.ts';
import type { InstanceLayout } from '../instance/layout.ts';
import { instancePaths } from '../instance/paths.ts';
import { findJournal, journalFile } from './journal.ts';

/** So long the copies of an upgrade stay: as the key service's snapshots do by default. */
export const COPY_DAYS = 7;
const DAY_MS = 24 * 3_600_000;

/**
 * Removes what upgrades and rollbacks have kept and what is over its days: copies of the database and the
 * key service, and clusters that were replaced. A tenant that was deleted since lives on in them, and no
 * copy may outlast the date that its certificate names. Never while an upgrade goes on.
 */
export async function forgetCopies(layout: InstanceLayout, now = new Date()): Promise<string[]> {
  if (await findJournal(journalFile(layout))) return [];
  const plan = await findPlan(layout);
  const { retentionDays = COPY_DAYS, keyRetentionDays = COPY_DAYS } = plan ?? {};
  const days = Math.min(COPY_DAYS, retentionDays, keyRetentionDays);
  const forgotten: string[] = [];
  for (const dir of await listCopies(layout)) {
    // Of the change: a cluster that was renamed is as old as that.
    const { ctimeMs } = await stat(dir);
    if (now.getTime() - ctimeMs < days * DAY_MS) continue;
    await rm(dir, { recursive: true, force: true });
    forgotten.push(dir);
  }
  return forgotten;
}

async function listCopies(layout: InstanceLayout): Promise<string[]> {
  const { databaseDir } = instancePaths(layout);
  const replaced = `${path.basename(databaseDir)}.`;
  const below = async (dir: string, fits: (name: string) => boolean): Promise<string[]> =>
    existsSync(dir) ? (await readdir(dir)).filter(fits).map((name) => path.join(dir, name)) : [];
  return [
    ...(await below(path.join(layout.dataDir, 'upgrade'), () => true)),
    ...(await below(
      path.dirname(databaseDir),
      (name) => name.startsWith(replaced) && /^(of|before)-/.test(name.slice(replaced.length)),
    )),
  ];
}
