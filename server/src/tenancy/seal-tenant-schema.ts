import type { ClientBase } from 'pg';
import { tenantName, type Statements } from '../platform/index.ts';

/** Tables of the schemas $1 (`tenant_<32 hex>`: the tenant's id is in the name), null for all, and what is wrong. */
const UNSAFE_TABLES = `
  select checked.schema, checked.name, checked.fault from (
    select space.nspname as schema, class.relname as name,
      case when class.relkind not in ('r', 'p') then 'is no plain table: row security does not reach it'
           when not class.relrowsecurity or not class.relforcerowsecurity
             then 'row security is not enabled and forced'
           when not exists (select from pg_policy policy where policy.polrelid = class.oid
                  and policy.polcmd = '*') then 'there is no policy for all commands'
           when exists (select from pg_policy policy,
                  lateral (select coalesce(pg_get_expr(policy.polqual, class.oid), '') as reads,
                                  coalesce(pg_get_expr(policy.polwithcheck, class.oid), '') as writes) as text
                  where policy.polrelid = class.oid and policy.polpermissive
                  and (text.reads not like '%(tenant_id = ( SELECT control.tenant() AS tenant))%'
                    or text.writes not like '%(tenant_id = ( SELECT control.tenant() AS tenant))%'
                    or text.reads ~* ' or ' or text.writes ~* ' or '))
             then 'a policy does not compare tenant_id with the proof'
           when exists (select from pg_attribute column_ where column_.attrelid = class.oid
                  and column_.attname = 'account_id' and not column_.attisdropped)
                and not exists (select from pg_policy policy where policy.polrelid = class.oid
                  and pg_get_expr(policy.polqual, class.oid) like '%account_id = ( SELECT control.account() AS account)%'
                  and pg_get_expr(policy.polwithcheck, class.oid) like '%account_id = ( SELECT control.account() AS account)%')
             then 'no policy asks for the account'
           when not exists (select from pg_attribute column_ where column_.attrelid = class.oid
                  and column_.attname = 'tenant_id' and column_.attnotnull) then 'tenant_id is missing or nullable'
           when not exists (select from pg_constraint check_
                  join pg_attribute column_ on column_.attrelid = class.oid
                    and column_.attname = 'tenant_id' and check_.conkey = array[column_.attnum]
                  where check_.conrelid = class.oid and check_.contype = 'c'
                  and pg_get_constraintdef(check_.oid) = format('CHECK ((tenant_id = %L::uuid))',
                    regexp_replace(space.nspname, '^tenant_(.{8})(.{4})(.{4})(.{4})(.{12})$', '\\1-\\2-\\3-\\4-\\5')))
             then 'no constraint ties tenant_id to the tenant' end as fault
    from pg_namespace space join pg_class class on class.relnamespace = space.oid
    where (space.nspname = any($1::text[]) or ($1::text[] is null and space.nspname ~ '^tenant_'))
      and class.relkind in ('r', 'p', 'v', 'm', 'f')) checked
  where checked.fault is not null`;

type Fault = { schema: string; name: string; fault: string | null };

/**
 * Refuses tenants' schemas in which a table lacks tenant id, constraint, row security or policy
 * (control ISO-10): it throws inside the transaction, so such a migration never takes effect.
 */
export async function sealTenantSchemas(
  client: Pick<ClientBase, 'query'>,
  tenantIds: readonly string[],
): Promise<void> {
  const { rows } = await client.query<Fault>(UNSAFE_TABLES, [tenantIds.map(tenantName)]);
  refuse(rows);
}

/** The same for one tenant, on a transaction of the provisioner. */
export async function sealTenantSchema(tx: Statements, tenantId: string): Promise<void> {
  refuse(await tx.query<Fault>(UNSAFE_TABLES, [[tenantName(tenantId)]]));
}

/** What is wrong with any table of any tenant; nothing where all is well. */
export async function listUnsafeTables(tx: Statements): Promise<{ what: string; why: string }[]> {
  const faults = await tx.query<Fault>(UNSAFE_TABLES, [null]);
  return faults.map(({ schema, name, fault }) => ({
    what: `${schema}.${name}`,
    why: String(fault),
  }));
}

function refuse(faults: readonly Fault[]): void {
  if (faults.length === 0) return;
  const list = faults.map(({ schema, name, fault }) => `${schema}.${name}: ${String(fault)}`);
  throw new Error(`unsafe tenant schema: ${list.slice(0, 10).join('; ')}`);
}
