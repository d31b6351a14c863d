import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Patient } from '../../doctor/patient.ts';
import { broken, holds, unseen, type HostCheck, type HostFinding } from '../host-check.ts';

/** psql's own command: the accounts lie in this database. */
const ADDRESSES = String.raw`\connect casemate
select lower(email) from control.accounts where email not like '%.invalid';`;
/** Tenants come and go meanwhile: a table that is gone holds nothing any more. */
const SEARCH_TABLES = String.raw`\connect casemate
create temporary table searched (place text, holds boolean);
do $search$
declare
  found record;
  held boolean;
begin
  for found in
    select schemaname, tablename from pg_tables where tablename in ('audit_events', 'audit_log')
  loop
    begin
      execute format(
        'select exists (select from %I.%I event join control.accounts account
           on position(lower(account.email) in lower(event::text)) > 0
           where account.email not like ''%%.invalid'')', found.schemaname, found.tablename) into held;
      insert into searched values (found.schemaname || '.' || found.tablename, held);
    exception when undefined_table or invalid_schema_name then null;
    end;
  end loop;
end $search$;
select holds || ' ' || place from searched order by place;`;

/**
 * PII-02: the e-mail addresses of all accounts, searched in every log file and every audit table. They
 * are canaries: addresses that nobody made up for the check. None is shown.
 */
export const accountData: HostCheck = { control: 'PII-02', name: 'account-data', run: examine };

async function examine(patient: Patient): Promise<HostFinding> {
  const addresses = lines(await patient.sql(ADDRESSES));
  if (addresses.length === 0)
    return unseen('There is no account yet whose address could be searched.');
  const tables = lines(await patient.sql(SEARCH_TABLES));
  if (tables.length === 0) return broken('No audit table was found.');
  const found = tables
    .filter((table) => table.startsWith('true '))
    .map((table) => table.slice('true '.length));
  const files = (await patient.listFiles(patient.layout.logDir)).filter(
    ({ kind }) => kind === 'file',
  );
  for (const { path } of files) if (await fileHolds(path, addresses)) found.push(path);
  if (found.length > 0) return broken(`An address of an account stands in ${found.join(', ')}.`);
  return holds(
    `${addresses.length} addresses of accounts are in none of ${files.length} log files and ${tables.length} audit tables.`,
  );
}

async function fileHolds(file: string, addresses: readonly string[]): Promise<boolean> {
  try {
    const reader = createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Infinity });
    for await (const line of reader) {
      const text = line.toLowerCase();
      if (addresses.some((address) => text.includes(address))) return true;
    }
    return false;
  } catch (error) {
    // Moved aside since it was listed: it is searched under its new name the next time.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

const lines = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
