import type { ControlTx } from '../../platform/index.ts';

/** What a look at the catalogs found wrong: which object, and why. At most ten are told. */
export type Fault = { what: string; why: string };

/* Each statement looks at all tenants at once and gives faults only, so that thousands cost little.
   Catalogs are everybody's to read: the server's own role asks, and can change none of them. */

/** ISO-01: one schema per tenant, and nothing of a tenant anywhere else. */
export function listMisplaced(tx: ControlTx, metadata: readonly string[]): Promise<Fault[]> {
  return tx.query<Fault>(
    `with expected as (
       select 'tenant_' || replace(tenant.id::text, '-', '') as name, tenant.state,
              tenant.proof_hash is not null as built
       from control.tenants tenant where tenant.state <> 'dropped'),
     found as (select space.nspname as name from pg_namespace space where space.nspname ~ '^tenant'),
     free_columns as (
       select class.relname || '.' || column_.attname as name, type.typname as type
       from pg_class class
       join pg_attribute column_ on column_.attrelid = class.oid and column_.attnum > 0 and not column_.attisdropped
       join pg_type type on type.oid = column_.atttypid
       where class.relnamespace = 'control'::regnamespace and class.relkind in ('r', 'p', 'm')
         and (class.relname = 'tenants' or exists (
               select from pg_attribute owner where owner.attrelid = class.oid
                 and owner.attname = 'tenant_id' and not owner.attisdropped))
         and (type.typcategory in ('S', 'A', 'U') and type.typname not in ('uuid', 'xid8', 'pg_lsn', '_uuid'))
         -- A closed list of words holds nobody's text.
         and not exists (select from pg_constraint closed where closed.conrelid = class.oid
               and closed.contype = 'c' and closed.conkey = array[column_.attnum]
               and pg_get_constraintdef(closed.oid) ~ '= ANY \\(ARRAY\\['))
     select expected.name as what, 'the tenant has no schema' as why from expected
       left join found using (name)
       where found.name is null and expected.built and expected.state not in ('dropping', 'failed')
     union all select found.name, 'the schema belongs to no tenant' from found
       left join expected using (name) where expected.name is null
     union all select class.oid::regclass::text, 'a table outside schema control and the tenants'' schemas'
       from pg_class class join pg_namespace space on space.oid = class.relnamespace
       where class.relkind in ('r', 'p', 'm', 'f') and space.nspname !~ '^(tenant_[0-9a-f]{32}|control|information_schema|pg_.*)$'
         and not exists (select from pg_depend part where part.objid = class.oid and part.deptype = 'e')
     union all select free_columns.name, 'a column of control that could hold a tenant''s content'
       from free_columns where free_columns.name <> all ($1::text[])
     union all select constraint_.conrelid::regclass::text, 'a foreign key leaves the schema'
       from pg_constraint constraint_
       join pg_class own on own.oid = constraint_.conrelid
       join pg_class other on other.oid = constraint_.confrelid
       join pg_namespace space on space.oid = own.relnamespace
       where constraint_.contype = 'f' and space.nspname ~ '^tenant_' and own.relnamespace <> other.relnamespace
     union all select 'large object ' || large.oid, 'lies outside every schema' from pg_largeobject_metadata large
     limit 10`,
    [metadata],
  );
}

/** ISO-02: what each tenant's role may, and who may become it. */
export async function listRoleFaults(tx: ControlTx): Promise<Fault[]> {
  return tx.query<Fault>(
    `with tenant as (
       select role.oid, role.rolname as name, role.rolcanlogin, role.rolsuper, role.rolbypassrls,
              role.rolcreaterole, role.rolcreatedb, role.rolreplication
       from pg_roles role where role.rolname ~ '^tenant_'),
     helper as (select role.oid from pg_roles role
                where role.rolname in ('casemate_auditor', 'casemate_rekeyer')),
     login as (select role.oid, role.rolname as name from pg_roles role
               where role.rolname ~ '^casemate_(server|server_[0-9]+)$'),
     space as (select space.oid, space.nspname as name, space.nspowner, space.nspacl
               from pg_namespace space where space.nspname ~ '^tenant_'),
     on_space as (select space.name, space.nspowner, entry.grantee, entry.privilege_type
                  from space, aclexplode(coalesce(space.nspacl, acldefault('n', space.nspowner))) entry),
     on_table as (select space.name, class.relname, class.relowner, entry.grantee, entry.privilege_type
                  from pg_class class join space on space.oid = class.relnamespace,
                       aclexplode(class.relacl) entry where class.relacl is not null)
     select tenant.name as what, 'the role has rights of its own' as why from tenant
       where rolcanlogin or rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication
     union all select space.name, 'the schema has no role of its name' from space
       where not exists (select from tenant where tenant.name = space.name)
     union all select on_space.name, 'another role may use the schema' from on_space
       left join tenant on tenant.oid = on_space.grantee
       where on_space.grantee <> on_space.nspowner and tenant.name is distinct from on_space.name
         and on_space.grantee not in (select oid from helper)
     union all select on_space.name, 'more than USAGE on the schema' from on_space
       where on_space.grantee <> on_space.nspowner and on_space.privilege_type <> 'USAGE'
     union all select on_space.name, 'the schema is owned by a role that serves' from on_space
       where on_space.nspowner <> (select oid from pg_roles where rolname = 'casemate_migrator')
     union all select on_table.name || '.' || on_table.relname, 'another role has rights on the table'
       from on_table left join tenant on tenant.oid = on_table.grantee
       where on_table.grantee <> on_table.relowner and tenant.name is distinct from on_table.name
         and on_table.grantee not in (select oid from helper)
     union all select on_table.name || '.' || on_table.relname, on_table.privilege_type || ' is granted'
       from on_table where on_table.grantee <> on_table.relowner
         and on_table.privilege_type in ('TRUNCATE', 'TRIGGER', 'REFERENCES', 'MAINTAIN')
     union all select class.oid::regclass::text, 'the table is owned by a role that serves'
       from pg_class class join space on space.oid = class.relnamespace
       where class.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
         and class.relowner <> (select oid from pg_roles where rolname = 'casemate_migrator')
     union all select member.rolname, 'may become the tenant''s role ' || tenant.name
       from pg_auth_members membership join tenant on tenant.oid = membership.roleid
       join pg_roles member on member.oid = membership.member
       where not (member.rolname ~ '^casemate_server_[0-9]+$' and membership.set_option
                  and not membership.inherit_option and not membership.admin_option)
         and not (member.rolname = 'casemate_provisioner' and not membership.inherit_option)
     union all select tenant.name, 'two login roles may become it'
       from pg_auth_members membership join tenant on tenant.oid = membership.roleid
       join login on login.oid = membership.member group by tenant.name having count(distinct membership.member) > 1
     union all select tenant.name, 'is a member of ' || upper_.rolname
       from pg_auth_members membership join tenant on tenant.oid = membership.member
       join pg_roles upper_ on upper_.oid = membership.roleid where upper_.rolname <> 'casemate_tenants'
     union all select login.name, 'inherits ' || upper_.rolname
       from pg_auth_members membership join login on login.oid = membership.member
       join pg_roles upper_ on upper_.oid = membership.roleid where membership.inherit_option
     union all select role.rolname, 'a login role of the server has rights of its own' from pg_roles role
       join login on login.oid = role.oid
       where role.rolsuper or role.rolbypassrls or role.rolcreaterole or role.rolcreatedb
     limit 10`,
  );
}

/** ISO-08: names of schemas and roles that are none of the allowlist, or belong to no tenant. */
export function listOddNames(tx: ControlTx): Promise<Fault[]> {
  return tx.query<Fault>(
    `select space.nspname as what, 'a schema whose name is not on the allowlist' as why from pg_namespace space
       where space.nspname !~ '^(tenant_[0-9a-f]{32}|control|casemate_rotation|public|information_schema|pg_.*)$'
     union all select role.rolname, 'a role whose name is not on the allowlist' from pg_roles role
       where role.rolname ~ '^tenant' and role.rolname !~ '^tenant_[0-9a-f]{32}$'
     union all select role.rolname, 'a tenant''s role without a tenant' from pg_roles role
       where role.rolname ~ '^tenant_[0-9a-f]{32}$'
         and exists (select from pg_namespace space where space.nspname = role.rolname)
         and not exists (select from control.tenants tenant
                         where 'tenant_' || replace(tenant.id::text, '-', '') = role.rolname)
     limit 10`,
  );
}

export async function countSchemas(tx: ControlTx): Promise<number> {
  const [row] = await tx.query<{ count: number }>(
    `select count(*)::integer as count from pg_namespace space where space.nspname ~ '^tenant_[0-9a-f]{32}$'`,
  );
  return row?.count ?? 0;
}
