import { rm } from 'node:fs/promises';
import type { SuperuserAccess } from '../database/run-sql.ts';
import { endProcessesWith } from '../host/end-processes.ts';
import type { Rehearsal } from './rehearse.ts';
import { copyTree, withScratchDatabase } from './scratch-database.ts';
import { clear, upgradeCluster } from './upgrade-cluster.ts';

/**
 * In the order of the upgrade itself: the migrations under the PostgreSQL of before, then the data is taken
 * over, and the new one starts with it. Works on a copy of the copy, and leaves nothing.
 */
export async function rehearseMajor<T>(
  { layout, from, settings: to, clusterDir }: Rehearsal,
  migrate: (access: SuperuserAccess) => Promise<T>,
): Promise<T> {
  const oldDir = `${clusterDir}.rehearsal`;
  const newDir = `${clusterDir}.rehearsal-next`;
  const clearAll = async () => {
    await endProcessesWith(oldDir);
    await rm(oldDir, { recursive: true, force: true });
    await clear(newDir);
  };
  await clearAll();
  try {
    await copyTree(clusterDir, oldDir);
    const old = { layout, settings: from, clusterDir: oldDir, inPlace: true };
    const migrated = await withScratchDatabase(old, migrate);
    await upgradeCluster({ layout, from, to, oldDir, newDir });
    return migrated;
  } finally {
    await clearAll();
  }
}
