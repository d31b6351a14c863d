import type { ControlTx } from '../../platform/index.ts';
import type { CanaryTenant } from '../canaries/canary.ts';
import type { Subject } from '../subject.ts';
import type { Snapshot } from './hash-tables.ts';

/** Columns that change while nobody does anything to the tenant. */
const RESTLESS: ReadonlySet<string> = new Set(['last_used_at', 'lease_until', 'beat_at']);

/** Tables that tell of requests and not of the tenant's things: they count whoever knocks. */
const COUNTING: ReadonlySet<string> = new Set(['isolation_canaries', 'isolation_runs']);

/** What the control schema says of a tenant and its people, as far as the server may read it. */
export async function hashControl(
  subject: Subject,
  tenant: CanaryTenant,
  known: Map<string, string>,
): Promise<Snapshot> {
  const accounts = [tenant.admin, tenant.member, tenant.reviewer].map(({ accountId }) => accountId);
  return subject.ctx.inControl(async (tx) => {
    const text = known.get('control') ?? hashText(await listOwned(tx));
    known.set('control', text);
    const rows = await tx.query<{ table: string; hash: string }>(text, [[tenant.id], accounts]);
    return new Map(rows.map(({ table, hash }) => [`control.${table}`, hash]));
  });
}

/** One statement for all tables; $1 are tenants, $2 accounts. */
function hashText(owned: readonly Owned[]): string {
  return owned
    .filter(({ table }) => !COUNTING.has(table))
    .map(({ table, columns, key }) => {
      const kept = columns.filter((name) => !RESTLESS.has(name));
      const list = kept.map((name) => `entry."${name}"::text`).join(', ');
      const ids = key === 'tenant_id' || table === 'tenants' ? '$1' : '$2';
      return `select '${table}' as "table", count(*) || ' rows ' ||
          coalesce(md5(string_agg(entry.line, '|' order by entry.line)), '') as hash
        from (select md5(concat_ws('|', ${list})) as line from control."${table}" entry
              where entry."${key}" = any(${ids}::uuid[])) entry`;
    })
    .join(' union all ');
}

type Owned = { table: string; columns: string[]; key: string };

/** Tables of the control schema whose rows name a tenant or an account. */
function listOwned(tx: ControlTx): Promise<Owned[]> {
  return tx.query<Owned>(
    `select class.relname::text as "table", array_agg(att.attname::text order by att.attnum) as columns,
       case when class.relname in ('tenants', 'accounts') then 'id'
            when bool_or(att.attname = 'tenant_id') then 'tenant_id' else 'account_id' end as key
     from pg_class class
     join pg_namespace space on space.oid = class.relnamespace
     join pg_attribute att on att.attrelid = class.oid and att.attnum > 0 and not att.attisdropped
     where space.nspname = 'control' and class.relkind in ('r', 'p')
       and has_column_privilege(class.oid, att.attnum, 'SELECT')
     group by class.relname
     having class.relname in ('tenants', 'accounts')
       or bool_or(att.attname in ('tenant_id', 'account_id') and att.atttypid = 'uuid'::regtype)
     order by class.relname`,
  );
}
