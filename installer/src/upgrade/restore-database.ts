import { existsSync } from 'node:fs';
import { cp, readFile, rename, rm } from 'node:fs/promises';
import { runSql } from '../database/run-sql.ts';
import { Fault } from '../fault.ts';
import { getAccounts } from '../host/get-accounts.ts';
import { giveTree } from '../host/give-tree.ts';
import { writeFileAtomically } from '../host/write-file.ts';
import { instancePaths } from '../instance/paths.ts';
import { getRuntime } from '../runtime/get-runtime.ts';
import { executable } from '../supervisor/process-specs.ts';
import { majorStepOf } from './major-step.ts';
import { forgetBefore, takeOverPlaces } from './take-over-database.ts';
import type { Upgrade } from './told.ts';
import { safetyCopy } from './safety-copy.ts';
import { withScratchDatabase } from './scratch-database.ts';

/**
 * Puts the copied cluster in the place of the present one, which is kept beside it; where only a major
 * version of PostgreSQL is taken back, its old directory. The accounts keep the passwords that the key
 * service knows today. Each part can be interrupted and run again.
 */
export async function restoreDatabase({ layout, journal }: Upgrade): Promise<string> {
  const { databaseDir } = instancePaths(layout);
  const copy = safetyCopy.databaseDir(journal.copyDir ?? '');
  const kept = `${databaseDir}.of-${journal.id}`;
  const { before } = takeOverPlaces(layout, journal);
  const contract = journal.contracts.length > 0;
  if (existsSync(kept) && existsSync(databaseDir)) {
    await forgetBefore(layout, journal);
    return 'done before';
  }
  // Never taken over, or back in its place already.
  if (!contract && !existsSync(before)) return 'it is where it was';
  const incoming = contract ? `${databaseDir}.incoming-${journal.id}` : before;
  if (contract && !existsSync(`${copy}/PG_VERSION`))
    throw new Fault('The copy of the database is gone', {
      why: `${copy} is not there.`,
      next: 'Restore a backup with the version that made it.',
    });
  const passwords = await readPasswords(layout, journal, kept);
  if (contract) {
    await rm(incoming, { recursive: true, force: true });
    await cp(copy, incoming, { recursive: true, verbatimSymlinks: true });
    await giveTree(incoming, getAccounts(layout)['casemate-db']);
  }
  await setPasswords({ layout, settings: journal.from, clusterDir: incoming }, passwords);
  if (existsSync(databaseDir)) await rename(databaseDir, kept);
  await rename(incoming, databaseDir);
  await forgetBefore(layout, journal);
  return `what the new version had is kept in ${kept}`;
}

/** Whether a rollback finds what it must put back; true where it puts nothing back. */
export function hasDataFromBefore(layout: Upgrade['layout'], journal: Upgrade['journal']): boolean {
  if (journal.contracts.length > 0)
    return existsSync(`${safetyCopy.databaseDir(journal.copyDir ?? '')}/PG_VERSION`);
  return majorStepOf(journal) === null || existsSync(takeOverPlaces(layout, journal).before);
}

const read = `select format('alter role %I password %L;', rolname, rolpassword)
  from pg_authid where rolpassword is not null and rolname like 'casemate%';`;

/** As SCRAM verifiers, which open nothing by themselves. */
async function readPasswords(
  layout: Upgrade['layout'],
  journal: Upgrade['journal'],
  kept: string,
): Promise<string> {
  const { databaseDir, databaseSocketDir } = instancePaths(layout);
  const note = `${layout.configDir}/rollback-verifiers.sql`;
  // Already moved away when it was interrupted: what was read then stands in the note.
  if (existsSync(kept) && !existsSync(databaseDir)) return readFile(note, 'utf8');
  // Killed between the renames of a take-over: the new cluster never ran.
  if (!existsSync(databaseDir)) return '';
  const runtime = getRuntime(layout);
  const access = {
    psql: executable(journal.to, 'postgresql', 'psql'),
    socketDir: databaseSocketDir,
    port: journal.to.databasePort,
    runAs: getAccounts(layout)['casemate-db'],
  };
  const text = await runtime
    .start({ ids: ['postgresql'] })
    .then(() => runSql(access, 'postgres', read))
    // A database that no longer starts names none; those of the copy are minutes old.
    .catch(() => '');
  await runtime.stop();
  await writeFileAtomically(note, text, { mode: 0o600 });
  return text;
}

async function setPasswords(
  scratch: Parameters<typeof withScratchDatabase>[0],
  statements: string,
): Promise<void> {
  await withScratchDatabase({ ...scratch, inPlace: true }, (access) =>
    runSql(access, 'postgres', statements),
  );
}
