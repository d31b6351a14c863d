import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Patient } from '../../doctor/patient.ts';
import { broken, holds, unseen, type HostCheck, type HostFinding } from '../host-check.ts';

/** psql's own commands: the accounts lie in this database, and \gexec runs each line it made. */
const ADDRESSES = String.raw`\connect casemate
select lower(email) from control.accounts where email not like '%.invalid';`;
const COUNT_TABLES = String.raw`\connect casemate
select count(*) from pg_tables where tablename in ('audit_events', 'audit_log');`;
const TABLES_WITH_ADDRESSES = String.raw`\connect casemate
select format(
  'select %L where exists (select from %I.%I event join control.accounts account
     on position(lower(account.email) in lower(event::text)) > 0
     where account.email not like ''%%.invalid'')', schemaname || '.' || tablename, schemaname, tablename)
from pg_tables where tablename in ('audit_events', 'audit_log') \gexec`;

/**
 * PII-02: the e-mail addresses of all accounts, searched in every log file and every audit table. They
 * are canaries: addresses that nobody made up for the check. None is shown.
 */
export const accountData: HostCheck = { control: 'PII-02', name: 'account-data', run: examine };

async function examine(patient: Patient): Promise<HostFinding> {
  const addresses = lines(await patient.sql(ADDRESSES));
  if (addresses.length === 0)
    return unseen('There is no account yet whose address could be searched.');
  const tables = Number(await patient.sql(COUNT_TABLES));
  if (!(tables > 0)) return broken('No audit table was found.');
  const found = lines(await patient.sql(TABLES_WITH_ADDRESSES));
  const files = (await patient.listFiles(patient.layout.logDir)).filter(
    ({ kind }) => kind === 'file',
  );
  for (const { path } of files) if (await fileHolds(path, addresses)) found.push(path);
  if (found.length > 0) return broken(`An address of an account stands in ${found.join(', ')}.`);
  return holds(
    `${addresses.length} addresses of accounts are in none of ${files.length} log files and ${tables} audit tables.`,
  );
}

async function fileHolds(file: string, addresses: readonly string[]): Promise<boolean> {
  const reader = createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Infinity });
  for await (const line of reader) {
    const text = line.toLowerCase();
    if (addresses.some((address) => text.includes(address))) return true;
  }
  return false;
}

const lines = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
