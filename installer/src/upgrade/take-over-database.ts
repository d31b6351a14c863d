import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { backupFiles } from '../backup/plan.ts';
import { endProcessesWith } from '../host/end-processes.ts';
import type { InstanceLayout } from '../instance/layout.ts';
import { instancePaths } from '../instance/paths.ts';
import type { UpgradeJournal } from './journal.ts';
import { majorStepOf } from './major-step.ts';
import type { Upgrade } from './told.ts';
import { clear, upgradeCluster } from './upgrade-cluster.ts';

/** Beside the data directory, so that a rename brings each into its place. */
export function takeOverPlaces(layout: InstanceLayout, { id }: Pick<UpgradeJournal, 'id'>) {
  const { databaseDir } = instancePaths(layout);
  return {
    databaseDir,
    /** In the making; whole as soon as `before` is there. */
    next: `${databaseDir}.next-${id}`,
    /** As the version before left it: what a rollback puts back. */
    before: `${databaseDir}.before-${id}`,
  };
}

/**
 * Takes the data over to another major version of PostgreSQL, which has stopped. The old directory stays
 * beside. Can be interrupted anywhere and run again; a new cluster begins a new history of backups.
 */
export async function takeOverDatabase({ layout, journal }: Upgrade): Promise<string> {
  const { databaseDir, next, before } = takeOverPlaces(layout, journal);
  if (!existsSync(before)) {
    const { from, to } = journal;
    await upgradeCluster({ layout, from, to, oldDir: databaseDir, newDir: next });
    await rename(databaseDir, before);
  }
  if (!existsSync(databaseDir)) await rename(next, databaseDir);
  await rm(backupFiles(layout).historyFile, { force: true });
  return `what ${majorStepOf(journal)?.from ?? 'it'} had stays in ${before}`;
}

/** Before it is taken back: nothing of an interrupted run works on, or stays. */
export async function endTakeOver({ layout, journal }: Upgrade): Promise<void> {
  const { databaseDir, next } = takeOverPlaces(layout, journal);
  await endProcessesWith(databaseDir);
  // Between the two renames it holds all that there is of the new version.
  await clear(next);
  await rm(backupFiles(layout).historyFile, { force: true });
}

/** One step back is kept, and no more. */
export async function forgetBefore(
  layout: InstanceLayout,
  journal: Pick<UpgradeJournal, 'id'>,
): Promise<void> {
  await rm(takeOverPlaces(layout, journal).before, { recursive: true, force: true });
}
