import { stat } from 'node:fs/promises';
import { lookAtBackups } from '../backup/look-at-backups.ts';
import { casemateVersion } from '../commands/version.ts';
import { readLock } from '../components/index.ts';
import { runSql } from '../database/run-sql.ts';
import { tryWayOut } from '../egress/try-way-out.ts';
import { getAccounts } from '../host/get-accounts.ts';
import type { InstanceLayout } from '../instance/layout.ts';
import { instancePaths } from '../instance/paths.ts';
import { getSettings } from '../instance/settings.ts';
import { realHost } from '../preflight/real-host.ts';
import type { ListedSecret } from '../rotation/rotation-table.ts';
import { getRuntime } from '../runtime/get-runtime.ts';
import { runServerProgram } from '../steps/run-server-program.ts';
import { executable } from '../supervisor/process-specs.ts';
import { findFile, listFiles } from './list-files.ts';
import { listLeftovers } from './list-leftovers.ts';
import { listProcesses } from './list-processes.ts';
import type { Patient } from './patient.ts';
import { sendGet } from './send-get.ts';

/** The installed instance of this layout. Rejects with a Fault when there is none. */
export async function realPatient(layout: InstanceLayout): Promise<Patient> {
  const settings = await getSettings(layout);
  const paths = instancePaths(layout);
  const accounts = getAccounts(layout);
  return {
    layout,
    settings,
    paths,
    accounts,
    host: realHost(),
    pinned: new Map(Object.entries(readLock()).map(([name, { version }]) => [name, version])),
    casemateVersion: casemateVersion(),
    listComponents: async () => (await getRuntime(layout).status()).components,
    sql: (text) =>
      runSql(
        {
          psql: executable(settings, 'postgresql', 'psql'),
          socketDir: paths.databaseSocketDir,
          port: settings.databasePort,
          runAs: accounts['casemate-db'],
        },
        'postgres',
        text,
      ),
    get: sendGet,
    getPendingMigrations: async () =>
      JSON.parse(
        await runServerProgram({ layout, settings }, 'migrator', ['migrate', '--check']),
      ) as { control: string[]; tenants: number },
    listSecrets: once(async () => {
      const context = { layout, settings, input: JSON.stringify({ do: 'list' }) };
      const text = await runServerProgram(context, 'server', ['rotation']);
      return (JSON.parse(text) as { secrets: ListedSecret[] }).secrets;
    }),
    madeAt: async (file) => (await stat(file)).mtime,
    listFiles,
    findFile,
    listLeftovers: () => listLeftovers(layout, new Date()),
    listProcesses,
    lookAtBackups: () => lookAtBackups(layout, settings),
    tryWayOut: once(() => tryWayOut(layout.instance, Object.values(accounts))),
  };
}

/** Two checks ask the same; the server's program starts once for both. */
function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let asked: Promise<T> | undefined;
  return () => (asked ??= ask());
}
