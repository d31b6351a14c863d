import { runSql } from '../../database/run-sql.ts';
import { executable } from '../../supervisor/process-specs.ts';
import type { Patient } from '../../doctor/patient.ts';

/** Runs SQL in the database of the product as the superuser; resolves with the unaligned rows. */
export function databaseSql({ settings, paths, accounts }: Patient, sql: string): Promise<string> {
  const access = {
    psql: executable(settings, 'postgresql', 'psql'),
    socketDir: paths.databaseSocketDir,
    port: settings.databasePort,
    runAs: accounts['casemate-db'],
  };
  return runSql(access, 'casemate', sql);
}
