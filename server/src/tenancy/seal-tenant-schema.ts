import { tenantName, type Statements } from '../platform/index.ts';

const UNSAFE_TABLES = `
  select class.relname as name,
    case when not class.relrowsecurity or not class.relforcerowsecurity then 'row security is not enabled and forced'
         when not exists (select from pg_policy policy where policy.polrelid = class.oid
                and policy.polcmd = '*') then 'there is no policy for all commands'
         when exists (select from pg_policy policy where policy.polrelid = class.oid and policy.polpermissive
                and (coalesce(pg_get_expr(policy.polqual, class.oid), '') not like '%(tenant_id = ( SELECT control.tenant() AS tenant))%'
                  or coalesce(pg_get_expr(policy.polwithcheck, class.oid), '') not like '%(tenant_id = ( SELECT control.tenant() AS tenant))%'
                  or pg_get_expr(policy.polqual, class.oid) ~* ' or '
                  or pg_get_expr(policy.polwithcheck, class.oid) ~* ' or '))
           then 'a policy does not compare tenant_id with the proof'
         when not exists (select from pg_attribute column_ where column_.attrelid = class.oid
                and column_.attname = 'tenant_id' and column_.attnotnull) then 'tenant_id is missing or nullable'
         when not exists (select from pg_constraint check_ where check_.conrelid = class.oid
                and check_.contype = 'c'
                and pg_get_constraintdef(check_.oid) = 'CHECK ((tenant_id = ''' || $2 || '''::uuid))')
           then 'no constraint ties tenant_id to the tenant' end as fault
  from pg_class class join pg_namespace space on space.oid = class.relnamespace
  where space.nspname = $1 and class.relkind in ('r', 'p')
  union all
  select class.relname, 'is no plain table: row security does not reach it'
  from pg_class class join pg_namespace space on space.oid = class.relnamespace
  where space.nspname = $1 and class.relkind in ('v', 'm', 'f')`;

/**
 * Refuses a tenant's schema in which a table lacks tenant id, constraint, row security or policy
 * (control ISO-10): it throws inside the transaction, so such a migration never takes effect.
 */
export async function sealTenantSchema(tx: Statements, tenantId: string): Promise<void> {
  const tables = await tx.query<{ name: string; fault: string | null }>(UNSAFE_TABLES, [
    tenantName(tenantId),
    tenantId,
  ]);
  const faults = tables.filter(({ fault }) => fault !== null);
  if (faults.length > 0)
    throw new Error(
      `unsafe tenant schema: ${faults.map(({ name, fault }) => `${name}: ${fault}`).join('; ')}`,
    );
}
