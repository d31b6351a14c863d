import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { SuperuserAccess } from '../database/run-sql.ts';
import { endProcessesWith } from '../host/end-processes.ts';
import { getAccounts } from '../host/get-accounts.ts';
import { ensureDir } from '../host/write-file.ts';
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
  // In a folder of its account, which may make nothing beside the copy.
  const ownDir = `${clusterDir}.rehearsal-next`;
  const newDir = path.join(ownDir, 'cluster');
  const clearAll = async () => {
    await endProcessesWith(oldDir);
    await rm(oldDir, { recursive: true, force: true });
    await clear(newDir);
    await rm(ownDir, { recursive: true, force: true });
  };
  await clearAll();
  try {
    await ensureDir(ownDir, { mode: 0o700, owner: getAccounts(layout)['casemate-db'] });
    await copyTree(clusterDir, oldDir);
    const old = { layout, settings: from, clusterDir: oldDir, inPlace: true };
    const migrated = await withScratchDatabase(old, migrate);
    await upgradeCluster({ layout, from, to, oldDir, newDir });
    return migrated;
  } finally {
    await clearAll();
  }
}
