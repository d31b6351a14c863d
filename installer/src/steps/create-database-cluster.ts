import { readFile } from 'node:fs/promises';
import { totalmem } from 'node:os';
import path from 'node:path';
import {
  clusterConfFiles,
  clusterExists,
  initCluster,
  writeClusterConf,
} from '../database/init-cluster.ts';
import { findAccountName, serviceGroup } from '../host/accounts.ts';
import { getAccounts } from '../host/get-accounts.ts';
import { executable } from '../supervisor/process-specs.ts';
import type { InstallContext, Step } from './step.ts';

export const createDatabaseCluster: Step = {
  id: 'create-database-cluster',
  title: 'Create the database cluster',
  isDone: ({ paths }) => clusterExists(paths.databaseDir),
  apply: (context) =>
    initCluster({
      initdb: executable(context.settings, 'postgresql', 'initdb'),
      ...clusterOptions(context),
    }),
};

/** Takes effect at the next start; an upgrade of Casemate may bring other settings. */
export const configureDatabase: Step = {
  id: 'configure-database',
  title: 'Configure the database',
  isDone: async (context) => {
    for (const [name, wanted] of clusterConfFiles(clusterOptions(context))) {
      const found = await readFile(path.join(context.paths.databaseDir, name), 'utf8').catch(
        () => '',
      );
      if (found !== wanted) return false;
    }
    return true;
  },
  apply: (context) => writeClusterConf(clusterOptions(context)),
};

export function clusterOptions({
  layout,
  paths,
  settings,
}: Pick<InstallContext, 'layout' | 'paths' | 'settings'>) {
  const runAs = getAccounts(layout)['casemate-db'];
  const own = findAccountName(process.getuid?.() ?? 0) ?? 'root';
  return {
    clusterDir: paths.databaseDir,
    conf: {
      socketDir: paths.databaseSocketDir,
      port: settings.databasePort,
      socketGroup: layout.asRoot ? serviceGroup : null,
      hostMemoryMiB: Math.floor(totalmem() / 1024 ** 2),
      maxConnections: 100,
      walSpoolDir: paths.walSpoolDir,
    },
    rules: { superuserAccounts: runAs ? [own, runAs.name] : [own], databases: 'casemate' },
    runAs,
  };
}
