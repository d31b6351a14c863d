import type { ControlTx } from '../platform/index.ts';

export type AppendOnlyFault = { place: string; fault: string };

const TABLES = `select class.oid, class.relname, class.relowner, class.relacl,
    space.nspname || '.' || class.relname as place
  from pg_class class join pg_namespace space on space.oid = class.relnamespace
  where class.relkind in ('r', 'p') and class.relname in ('audit_events', 'audit_log')
    and (space.nspname = 'control' or space.nspname ~ '^tenant_[0-9a-f]{32}$')`;

export async function countAuditTables(tx: ControlTx): Promise<number> {
  const rows = await tx.query<{ count: string }>(`select count(*) from (${TABLES}) audit`);
  return Number(rows[0]?.count ?? 0);
}

/**
 * What the catalog says against control AUD-02, for each audit table of the platform and of every
 * tenant: a grant that changes rows, a role that both writes and reads events, a trigger that is
 * missing, switched off or another. tgtype is a set: 2 before, 8 delete, 16 update, 32 truncate.
 */
export async function listAppendOnlyFaults(tx: ControlTx): Promise<AppendOnlyFault[]> {
  return tx.query<AppendOnlyFault>(
    `with audit as (${TABLES}),
     grants as (
       select audit.place, audit.relname, item.grantee, item.privilege_type as privilege
       from audit, lateral aclexplode(audit.relacl) item where item.grantee <> audit.relowner
       union
       select audit.place, audit.relname, item.grantee, item.privilege_type
       from audit join pg_attribute attribute on attribute.attrelid = audit.oid,
         lateral aclexplode(attribute.attacl) item where item.grantee <> audit.relowner),
     refusing as (
       select trigger.tgrelid, trigger.tgtype from pg_trigger trigger
       join pg_proc function on function.oid = trigger.tgfoid
       where trigger.tgenabled in ('O', 'A') and trigger.tgqual is null and (trigger.tgtype & 2) = 2
         and function.proname = 'refuse_change' and function.pronamespace = 'control'::regnamespace)
     select place, privilege || ' is granted' as fault from grants
       where privilege not in ('SELECT', 'INSERT')
     union all
     select place, 'one role writes and reads' from grants where relname = 'audit_events'
       group by place, grantee having count(distinct privilege) > 1
     union all
     select place, 'no trigger refuses UPDATE and DELETE' from audit
       where not exists (select from refusing where tgrelid = audit.oid and (tgtype & 25) = 25)
     union all
     select place, 'no trigger refuses TRUNCATE' from audit
       where not exists (select from refusing where tgrelid = audit.oid and (tgtype & 32) = 32)
     order by place, fault limit 20`,
  );
}
