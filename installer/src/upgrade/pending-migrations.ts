import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { runSql, type SuperuserAccess } from '../database/run-sql.ts';
import { Fault } from '../fault.ts';

export type PendingMigrations = {
  /** Names as the database knows them: `0011-x.sql`, `tenant/0007-y.sql`. */
  all: string[];
  /** Those that take away what the version before needs. */
  contracts: string[];
};

type File = { name: string; checksum: string; sql: string };

/** Marks what a file does: `-- casemate: contract`, or `-- casemate: expand`, which a person decided. */
const mark = /^-- casemate: (expand|contract)\b/m;
/** Without a mark: statements after which an older program misses something that it reads or writes. */
const takesAway =
  /\b(drop\s+(table|column|schema|function|procedure|view|type|sequence)|rename\s+(to|column|constraint)|alter\s+column\s+\S+\s+(set\s+not\s+null|(set\s+data\s+)?type)|truncate)\b/i;

export function isContract(sql: string): boolean {
  const decided = mark.exec(sql)?.[1];
  return decided ? decided === 'contract' : takesAway.test(sql.replace(/--.*$/gm, ''));
}

/**
 * Which migrations of a new version the database has not had. Refuses a database that had more than
 * the new version knows, or another text under the same name: it comes from elsewhere.
 */
export async function findPendingMigrations(
  access: SuperuserAccess,
  migrationsDir: string,
): Promise<PendingMigrations> {
  const files = await readFiles(migrationsDir);
  const rows = await runSql(access, 'casemate', readApplied);
  const applied = new Map(
    rows
      .split('\n')
      .filter(Boolean)
      .map((row) => row.split('|') as [string, string]),
  );
  const known = new Map(files.map((file) => [file.name, file.checksum]));
  const strange = [...applied].find(([name, checksum]) => known.get(name) !== checksum);
  if (strange)
    throw new Fault('The database is newer than the bundle, or comes from elsewhere', {
      why: `It has had ${strange[0]}, which the bundle ${known.has(strange[0]) ? 'has in another form' : 'does not know'}.`,
      next: 'Use the bundle of the version that is installed, or a later one. Nothing was changed.',
      code: 'path',
    });
  const pending = files.filter(({ name }) => !applied.has(name));
  return {
    all: pending.map(({ name }) => name),
    contracts: pending.filter(({ sql }) => isContract(sql)).map(({ name }) => name),
  };
}

const readApplied = 'select name, checksum from control.migrations order by name;';

async function readFiles(dir: string): Promise<File[]> {
  const found: File[] = [];
  for (const kind of ['control', 'tenant'])
    for (const file of (await readdir(path.join(dir, kind))).filter((one) =>
      one.endsWith('.sql'),
    )) {
      const sql = await readFile(path.join(dir, kind, file), 'utf8');
      const checksum = createHash('sha256').update(sql).digest('hex');
      found.push({ name: kind === 'tenant' ? `tenant/${file}` : file, checksum, sql });
    }
  return found.sort((one, other) => (one.name < other.name ? -1 : 1));
}
