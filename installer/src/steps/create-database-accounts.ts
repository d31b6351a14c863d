import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { bootstrapDatabase } from '../database/bootstrap.ts';
import { runSql } from '../database/run-sql.ts';
import type { SuperuserAccess } from '../database/run-sql.ts';
import { getAccounts } from '../host/get-accounts.ts';
import { executable } from '../supervisor/process-specs.ts';
import { migrationsDir } from './server-source.ts';
import type { InstallContext, Step } from './step.ts';

/**
 * Accounts, extensions and the leakproof list. The accounts get no password here. The comment on
 * the database says which text of bootstrap.sql it has had, as the last thing written.
 */
export const createDatabaseAccounts: Step = {
  id: 'create-database-accounts',
  title: 'Create the database and its accounts',
  isDone: async (context) => {
    const note = await runSql(databaseAccess(context), 'postgres', readNote).catch(() => '');
    return note === (await wantedNote(context));
  },
  apply: async (context) => {
    const access = databaseAccess(context);
    await bootstrapDatabase(access, await bootstrapFile(context));
    const note = await wantedNote(context);
    await runSql(access, 'postgres', `comment on database casemate is '${note}';`);
  },
};

const readNote =
  "select shobj_description(oid, 'pg_database') from pg_database where datname = 'casemate';";

async function bootstrapFile(context: InstallContext): Promise<string> {
  return `${migrationsDir(context)}/bootstrap.sql`;
}

async function wantedNote(context: InstallContext): Promise<string> {
  const text = await readFile(await bootstrapFile(context));
  return `casemate bootstrap ${createHash('sha256').update(text).digest('hex').slice(0, 32)}`;
}

export function databaseAccess({ layout, paths, settings }: InstallContext): SuperuserAccess {
  return {
    psql: executable(settings, 'postgresql', 'psql'),
    socketDir: paths.databaseSocketDir,
    port: settings.databasePort,
    runAs: getAccounts(layout)['casemate-db'],
  };
}
