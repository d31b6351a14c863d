import type { ClientBase } from 'pg';
import { tenantName, type Statements } from '../platform/index.ts';

/**
 * Tables of the schemas $1 (`tenant_<32 hex>`: the tenant's id is in the name), and what is wrong; null
 * for all but those of tenants that are being made or removed, which nobody can open. Tenants have the
 * same policies and constraints, as the same trees over the same columns: each kind is rendered once,
 * whatever the number of tenants. (Rendering opens the table, and a backend keeps what it learned of
 * every table it opened: 190 MB of a thousand tenants.) Named schemas are gone through by what depends
 * on them: pg_class has no index that begins with the schema.
 */
const UNSAFE_TABLES = `
  with spaces as materialized (
    select named.oid, named.nspname as schema,
           -- The id as the tree of a constraint holds it: sixteen signed bytes.
           (select string_agg(((get_byte(named.id, n) + 128) % 256 - 128)::text, ' ' order by n)
            from generate_series(0, 15) n) as id_bytes
    from (select space.oid, space.nspname,
                 case when space.nspname ~ '^tenant_[0-9a-f]{32}$' then decode(substr(space.nspname, 8), 'hex') end as id
          from pg_namespace space
          where space.nspname = any($1::text[]) or ($1::text[] is null and space.nspname ~ '^tenant_'
            and space.nspname::text not in (
              select 'tenant_' || replace(tenant.id::text, '-', '') from control.tenants tenant
              where tenant.state in ('provisioning', 'failed', 'dropping', 'dropped')))) named),
  found as materialized (
    select depend.objid as oid, spaces.schema, spaces.id_bytes
    from spaces join pg_depend depend on depend.refclassid = 'pg_namespace'::regclass
      and depend.refobjid = spaces.oid and depend.classid = 'pg_class'::regclass
    where $1::text[] is not null
    union all
    select class.oid, spaces.schema, spaces.id_bytes
    from spaces join pg_class class on class.relnamespace = spaces.oid where $1::text[] is null),
  tables as materialized (
    select class.oid, found.schema, found.id_bytes, class.relname as name, class.relkind,
           class.relrowsecurity and class.relforcerowsecurity as guarded,
           coalesce((select column_.attnum from pg_attribute column_ where column_.attrelid = class.oid
             and column_.attname = 'tenant_id' and column_.attnotnull), 0) as tenant_column,
           coalesce((select column_.attnum from pg_attribute column_ where column_.attrelid = class.oid
             and column_.attname = 'account_id' and not column_.attisdropped), 0) as account_column
    from found join pg_class class on class.oid = found.oid
    where class.relkind in ('r', 'p', 'v', 'm', 'f')),
  policies as materialized (
    select policy.oid, policy.polrelid, policy.polcmd, policy.polpermissive,
           tables.tenant_column, tables.account_column,
           -- It moves fields to a new key, of all people; it sees ids and ciphertext alone.
           policy.polroles = array[coalesce(to_regrole('casemate_rekeyer')::oid, 0)] as rekeyer_only,
           coalesce(policy.polqual::text, '') || '|' || coalesce(policy.polwithcheck::text, '') as tree
    from tables join pg_policy policy on policy.polrelid = tables.oid),
  kinds as materialized (
    select one.tree, one.tenant_column, one.account_column,
           coalesce(pg_get_expr(policy.polqual, policy.polrelid), '') as reads,
           coalesce(pg_get_expr(policy.polwithcheck, policy.polrelid), '') as writes
    from (select policies.tree, policies.tenant_column, policies.account_column, min(policies.oid::bigint) as oid
          from policies group by 1, 2, 3) one
    join pg_policy policy on policy.oid = one.oid::oid),
  judged as materialized (
    select policies.polrelid as oid, bool_or(policies.polcmd = '*') as for_all,
           bool_and(not policies.polpermissive
             or (policies.tree, policies.tenant_column, policies.account_column) in (
               select kinds.tree, kinds.tenant_column, kinds.account_column from kinds
               where kinds.reads like '%(tenant_id = ( SELECT control.tenant() AS tenant))%'
                 and kinds.writes like '%(tenant_id = ( SELECT control.tenant() AS tenant))%'
                 and kinds.reads !~* ' or ' and kinds.writes !~* ' or ')) as by_proof,
           bool_and(not policies.polpermissive or policies.rekeyer_only
             or (policies.tree, policies.tenant_column, policies.account_column) in (
               select kinds.tree, kinds.tenant_column, kinds.account_column from kinds
               where kinds.reads like '%account_id = ( SELECT control.account() AS account)%'
                 and kinds.writes like '%account_id = ( SELECT control.account() AS account)%')) as by_account
    from policies group by policies.polrelid),
  checks as materialized (
    select check_.oid, check_.conrelid, tables.tenant_column, tables.id_bytes, check_.conbin::text as tree,
           position('constvalue 16 [' in check_.conbin::text) + 15 as value_at
    from tables join pg_constraint check_ on check_.conrelid = tables.oid and check_.contype = 'c'
      and check_.convalidated and check_.conkey = array[tables.tenant_column::smallint]),
  ties as materialized (
    select checks.oid, checks.conrelid, checks.tenant_column,
           btrim(split_part(substr(checks.tree, checks.value_at), ']', 1)) = checks.id_bytes as of_this,
           left(checks.tree, checks.value_at) || substr(checks.tree, checks.value_at
             + position(']' in substr(checks.tree, checks.value_at))) as tree
    from checks where checks.value_at > 15),
  tie_kinds as materialized (
    select one.tree, one.tenant_column,
           pg_get_constraintdef(one.oid::oid) ~ '^CHECK \\(\\(tenant_id = ''[-0-9a-f]{36}''::uuid\\)\\)$' as ties
    from (select ties.tree, ties.tenant_column, min(ties.oid::bigint) as oid from ties group by 1, 2) one)
  select checked.schema, checked.name, checked.fault from (
    select tables.schema, tables.name,
      case when tables.relkind not in ('r', 'p') then 'is no plain table: row security does not reach it'
           when not tables.guarded then 'row security is not enabled and forced'
           when tables.oid not in (select judged.oid from judged where judged.for_all)
             then 'there is no policy for all commands'
           when tables.oid not in (select judged.oid from judged where judged.by_proof)
             then 'a policy does not compare tenant_id with the proof'
           when tables.account_column > 0
                and tables.oid not in (select judged.oid from judged where judged.by_account)
             then 'a policy does not ask for the account'
           when tables.tenant_column = 0 then 'tenant_id is missing or nullable'
           when tables.oid not in (
             select ties.conrelid from ties where ties.of_this and (ties.tree, ties.tenant_column) in (
               select tie_kinds.tree, tie_kinds.tenant_column from tie_kinds where tie_kinds.ties))
             then 'no constraint ties tenant_id to the tenant' end as fault
    from tables) checked
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

/** What is wrong with any table of any tenant that can be opened; nothing where all is well. */
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
