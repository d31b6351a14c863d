import { tenantName, type TenantScope, type TenantTx } from '../../platform/index.ts';
import type { CanaryTenant } from '../canaries/canary.ts';
import { listTables } from '../repo/catalog.ts';
import type { Subject } from '../subject.ts';

/** Rows and hash of each table, by `table as whom`. */
export type Snapshot = ReadonlyMap<string, string>;

/** The sequencer writes it a second behind audit_events, which is watched. */
const DERIVED: ReadonlySet<string> = new Set(['audit_log']);

/**
 * What a tenant holds, seen by each of its people, by its jobs and by the auditor: an attempt that
 * changed anything of it changes a hash.
 */
export async function hashTenant(
  subject: Subject,
  tenant: CanaryTenant,
  known: Map<string, string>,
): Promise<Snapshot> {
  const schema = tenantName(tenant.id);
  const look = async (tx: TenantTx, whom: string): Promise<[string, string][]> => {
    // The tables stay what they are for as long as a test runs.
    const text = known.get(whom) ?? hashText(schema, await listReadable(tx, schema));
    known.set(whom, text);
    const rows = await tx.query<{ table: string; hash: string }>(text);
    return rows.map(({ table, hash }) => [`${table} as ${whom}`, hash]);
  };
  const scopeOf = (accountId: string | null): Promise<TenantScope> =>
    subject.openTenant(tenant.id, accountId);
  const { admin, member, reviewer } = tenant;
  const seen = await Promise.all([
    ...Object.entries({ nobody: null, admin, member, reviewer }).map(async ([whom, person]) =>
      subject.db.inTenant(await scopeOf(person?.accountId ?? null), (tx) => look(tx, whom)),
    ),
    subject.db.inAuditor(await scopeOf(null), (tx) => look(tx, 'auditor')),
  ]);
  return new Map(seen.flat());
}

/** One statement for all tables. */
function hashText(schema: string, tables: readonly string[]): string {
  return tables
    .map(
      (table) =>
        `select '${table}' as "table", count(*) || ' rows ' ||
           coalesce(md5(string_agg(md5(entry::text), '' order by md5(entry::text))), '') as hash
         from "${schema}"."${table}" entry`,
    )
    .join(' union all ');
}

/** The tables that the transaction's role may read whole. */
async function listReadable(tx: TenantTx, schema: string): Promise<string[]> {
  const tables = await listTables(tx, schema);
  const rows = await tx.query<{ name: string }>(
    `select name from unnest($2::text[]) name
     where has_table_privilege(format('%I.%I', $1::text, name), 'SELECT')`,
    [schema, tables],
  );
  return rows.map(({ name }) => name).filter((name) => !DERIVED.has(name));
}

/** What differs between two looks, in words. */
export function compareSnapshots(before: Snapshot, after: Snapshot): string[] {
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((table) => before.get(table) !== after.get(table))
    .map(
      (table) => `${table}: ${before.get(table) ?? 'nothing'} → ${after.get(table) ?? 'nothing'}`,
    );
}
