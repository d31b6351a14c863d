import { runSql } from '../database/run-sql.ts';
import { databaseAccess } from '../steps/create-database-accounts.ts';
import type { InstallContext } from '../steps/step.ts';

/** pgvector and the others follow their new programs, once those are known to stay. */
export async function updateExtensions(context: InstallContext): Promise<void> {
  await runSql(databaseAccess(context), 'casemate', follow);
}

const follow = `do $$ declare name text; begin
  for name in select e.name from pg_available_extensions e
    where e.installed_version is distinct from e.default_version and e.installed_version is not null
  loop execute format('alter extension %I update', name); end loop; end $$;`;
