import { readFile } from 'node:fs/promises';
import { runSql } from './run-sql.ts';
import type { SuperuserAccess } from './run-sql.ts';
import { scramVerifier } from './scram-verifier.ts';

/**
 * Creates the database if it is missing and runs bootstrap.sql in it: accounts, extensions, the
 * leakproof list. The file is idempotent and sets no password: the key service's database engine
 * does (`steps/give-database-passwords.ts`).
 */
export async function bootstrapDatabase(
  access: SuperuserAccess,
  bootstrapFile: string,
): Promise<void> {
  const found = await runSql(access, 'postgres', findDatabase);
  if (found === '') await runSql(access, 'postgres', 'create database casemate;');
  await runSql(access, 'casemate', await readFile(bootstrapFile, 'utf8'));
}

/** A password of the account through which the engine sets all others; the engine replaces it at once. */
export async function setRotatorPassword(access: SuperuserAccess, password: string): Promise<void> {
  const variable = `\\set rotator_password '${scramVerifier(password)}'`;
  await runSql(access, 'postgres', [variable, giveRotatorPassword].join('\n'));
}

const giveRotatorPassword = "alter role casemate_rotator password :'rotator_password';";
const findDatabase = "select 1 from pg_database where datname = 'casemate';";
