import { readFile } from 'node:fs/promises';
import { runSql } from './run-sql.ts';
import type { SuperuserAccess } from './run-sql.ts';
import { scramVerifier } from './scram-verifier.ts';

export const databaseAccounts = ['server', 'provisioner', 'migrator'] as const;
export type DatabasePasswords = Record<(typeof databaseAccounts)[number], string>;

/**
 * Creates the database if it is missing and runs bootstrap.sql in it: accounts, extensions, the
 * leakproof list. The file is idempotent; each run sets the given passwords. Its psql variables
 * (`server_password`, …) hold verifiers, not passwords.
 */
export async function bootstrapDatabase(
  access: SuperuserAccess,
  bootstrapFile: string,
  passwords: DatabasePasswords,
): Promise<void> {
  const found = await runSql(access, 'postgres', findDatabase);
  if (found === '') await runSql(access, 'postgres', 'create database casemate;');
  const variables = databaseAccounts.map(
    (name) => `\\set ${name}_password '${scramVerifier(passwords[name])}'`,
  );
  await runSql(
    access,
    'casemate',
    [...variables, await readFile(bootstrapFile, 'utf8')].join('\n'),
  );
}

const findDatabase = "select 1 from pg_database where datname = 'casemate';";
