import { checkDefinerFunctions } from '../structure/check-definer-functions.ts';
import { checkGrants } from '../structure/check-grants.ts';
import { checkRowChanges, checkTenantTables } from '../structure/check-migrations.ts';
import type { Finding, SourceFile } from '../structure/source-file.ts';

/**
 * The scan of the schema: what a migration breaks, before any database sees it. A file in a folder
 * `tenant` makes tables of tenants and is asked for more.
 */
export function scanMigrations(files: readonly SourceFile[]): Finding[] {
  const tenant = files.filter(({ path }) => /(?:^|\/)tenant\//.test(path));
  return [
    ...checkTenantTables(tenant),
    ...checkRowChanges(tenant),
    ...checkDefinerFunctions(files),
    ...checkGrants(files),
  ];
}
