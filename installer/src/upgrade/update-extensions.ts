import { runSql } from '../database/run-sql.ts';
import { getAccounts } from '../host/get-accounts.ts';
import { plainEnv, runProgram } from '../host/run-program.ts';
import { instancePaths } from '../instance/paths.ts';
import { databaseAccess } from '../steps/create-database-accounts.ts';
import type { InstallContext } from '../steps/step.ts';
import { executable } from '../supervisor/process-specs.ts';
import { told, type Upgrade } from './told.ts';

/** pgvector and the others follow their new programs, once those are known to stay. */
export async function updateExtensions(context: InstallContext): Promise<void> {
  await runSql(databaseAccess(context), 'casemate', follow);
}

const follow = `do $$ declare name text; begin
  for name in select e.name from pg_available_extensions e
    where e.installed_version is distinct from e.default_version and e.installed_version is not null
  loop execute format('alter extension %I update', name); end loop; end $$;`;

/** What pg_upgrade does not take along; without it queries are slower until autovacuum came by. */
export function gatherStatistics(upgrade: Upgrade): Promise<void> {
  const { layout, journal } = upgrade;
  return told(upgrade, 'Gather the statistics that are missing', async () => {
    const { databaseSocketDir } = instancePaths(layout);
    const words = ['--all', '--analyze-only', '--missing-stats-only', '--quiet', '--jobs', '2'];
    const { code, stderr } = await runProgram(
      executable(journal.to, 'postgresql', 'vacuumdb'),
      words,
      {
        runAs: getAccounts(layout)['casemate-db'],
        env: {
          ...plainEnv,
          PGHOST: databaseSocketDir,
          PGPORT: String(journal.to.databasePort),
          PGUSER: 'postgres',
        },
      },
    );
    // No reason to go back: PostgreSQL gathers them by itself, later.
    return code === 0 ? undefined : `left to PostgreSQL: ${stderr.trim().split('\n').at(-1) ?? ''}`;
  });
}
