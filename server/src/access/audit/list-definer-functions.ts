import { createHash } from 'node:crypto';
import type { ControlTx } from '../../platform/index.ts';
import { DEFINER_GUARDS, type DefinerGuard } from './definer-guards.ts';

export type DefinerFunction = {
  /** With its schema and the types of its arguments. */
  name: string;
  owner: string;
  searchPath: string | null;
  /** What its reviewed body checks, in words; null when nobody reviewed it. */
  guard: string | null;
  /** Roles that may execute it, besides its owner. */
  executors: string[];
  fault: string | null;
};

export type CatalogRow = Omit<DefinerFunction, 'guard' | 'fault'> & { body: string };

/** ISO-11: every function of the database that runs with its owner's rights, as the catalog has it now. */
export async function listDefinerFunctions(tx: ControlTx): Promise<DefinerFunction[]> {
  const rows = await tx.query<CatalogRow>(
    `select format('%s.%s(%s)', space.nspname, function.proname,
                   replace(pg_catalog.oidvectortypes(function.proargtypes), ', ', ',')) as name,
            owner.rolname as owner,
            (select substr(setting, length('search_path=') + 1)
             from unnest(function.proconfig) setting where setting like 'search_path=%') as "searchPath",
            function.prosrc as body,
            array(select coalesce(grantee.rolname, 'PUBLIC')
                  from pg_catalog.aclexplode(coalesce(function.proacl,
                         pg_catalog.acldefault('f', function.proowner))) grants
                  left join pg_catalog.pg_roles grantee on grantee.oid = grants.grantee
                  where grants.privilege_type = 'EXECUTE' and grants.grantee <> function.proowner
                  order by 1)::text[] as executors
     from pg_catalog.pg_proc function
     join pg_catalog.pg_namespace space on space.oid = function.pronamespace
     join pg_catalog.pg_roles owner on owner.oid = function.proowner
     where function.prosecdef and function.prokind in ('f', 'p')
     order by 1`,
  );
  return rows.map((row) => judge(row, DEFINER_GUARDS[row.name]));
}

/** Exported for its tests. */
export function judge({ body, ...row }: CatalogRow, guard?: DefinerGuard): DefinerFunction {
  return { ...row, guard: guard?.words ?? null, fault: faultOf({ ...row, body }, guard) };
}

function faultOf(row: CatalogRow, guard: DefinerGuard | undefined): string | null {
  if (row.executors.includes('PUBLIC')) return 'Everybody may execute it';
  const path = row.searchPath?.split(',').map((part) => part.trim());
  if (!path) return 'Its search_path is not pinned';
  if (path.at(-1) !== 'pg_temp') return 'pg_temp is not last on its search_path';
  if (!guard) return 'Nobody reviewed what guards it';
  const found = createHash('sha256').update(row.body).digest('hex');
  return found === guard.sha256
    ? null
    : `Its body is not the one that was reviewed (SHA-256 ${found})`;
}
