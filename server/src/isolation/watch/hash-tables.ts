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
export async function hashTenant(subject: Subject, tenant: CanaryTenant): Promise<Snapshot> {
  const schema = tenantName(tenant.id);
  const seen = new Map<string, string>();
  const look = async (tx: TenantTx, whom: string): Promise<void> => {
    for (const table of await listReadable(tx, schema)) {
      const [row] = await tx.query<{ hash: string }>(
        `select count(*) || ' rows ' || coalesce(md5(string_agg(md5(entry::text), '' order by md5(entry::text))), '')
           as hash from "${schema}"."${table}" entry`,
      );
      seen.set(`${table} as ${whom}`, row?.hash ?? '');
    }
  };
  const scopeOf = (accountId: string | null): Promise<TenantScope> =>
    subject.openTenant(tenant.id, accountId);
  const { admin, member, reviewer } = tenant;
  for (const [whom, person] of Object.entries({ nobody: null, admin, member, reviewer }))
    await subject.db.inTenant(await scopeOf(person?.accountId ?? null), (tx) => look(tx, whom));
  await subject.db.inAuditor(await scopeOf(null), async (tx) => look(tx, 'auditor'));
  return seen;
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
