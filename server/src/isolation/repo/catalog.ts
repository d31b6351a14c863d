import type { ControlTx, TenantTx } from '../../platform/index.ts';

/** The tables of a schema, as the database's own catalog has them. */
export async function listTables(tx: TenantTx, schema: string): Promise<string[]> {
  const rows = await tx.query<{ name: string }>(
    `select class.relname::text as name from pg_class class
     join pg_namespace space on space.oid = class.relnamespace
     where space.nspname = $1 and class.relkind in ('r', 'p') order by class.relname`,
    [schema],
  );
  return rows.map(({ name }) => name);
}

export type Column = {
  name: string;
  type: string;
  notNull: boolean;
  hasDefault: boolean;
  mayInsert: boolean;
  mayUpdate: boolean;
};

export type Privilege = 'SELECT' | 'INSERT' | 'UPDATE' | 'DELETE';

/** The columns of a table and what a role may do with each. */
export function listColumns(
  tx: TenantTx,
  of: { schema: string; table: string; role: string },
): Promise<Column[]> {
  return tx.query<Column>(
    `select att.attname::text as name, format_type(att.atttypid, att.atttypmod) as type,
       att.attnotnull as "notNull", att.atthasdef or att.attidentity <> '' as "hasDefault",
       has_column_privilege($3, class.oid, att.attnum, 'INSERT') as "mayInsert",
       has_column_privilege($3, class.oid, att.attnum, 'UPDATE') as "mayUpdate"
     from pg_attribute att join pg_class class on class.oid = att.attrelid
     join pg_namespace space on space.oid = class.relnamespace
     where space.nspname = $1 and class.relname = $2 and att.attnum > 0 and not att.attisdropped
       and att.attgenerated = '' and att.attidentity <> 'a'
     order by att.attnum`,
    [of.schema, of.table, of.role],
  );
}

/** Whether a role may do it with the whole table, or at least with a column of it. */
export async function mayDo(
  tx: TenantTx,
  of: { schema: string; table: string; role: string; privilege: Privilege },
): Promise<boolean> {
  const [row] = await tx.query<{ may: boolean }>(
    `select case when $4 = 'DELETE' then has_table_privilege($3, class.oid, $4)
              else has_any_column_privilege($3, class.oid, $4) end as may
     from pg_class class join pg_namespace space on space.oid = class.relnamespace
     where space.nspname = $1 and class.relname = $2`,
    [of.schema, of.table, of.role, of.privilege],
  );
  return row?.may ?? false;
}

export type ForeignKey = {
  name: string;
  table: string;
  columns: string[];
  parent: string;
  parentColumns: string[];
};

export function listForeignKeys(tx: TenantTx, schema: string): Promise<ForeignKey[]> {
  return tx.query<ForeignKey>(
    `select con.conname::text as name, child.relname::text as "table", parent.relname::text as parent,
       array(select att.attname::text from unnest(con.conkey) with ordinality key (number, place)
             join pg_attribute att on att.attrelid = con.conrelid and att.attnum = key.number
             order by key.place) as columns,
       array(select att.attname::text from unnest(con.confkey) with ordinality key (number, place)
             join pg_attribute att on att.attrelid = con.confrelid and att.attnum = key.number
             order by key.place) as "parentColumns"
     from pg_constraint con
     join pg_class child on child.oid = con.conrelid
     join pg_class parent on parent.oid = con.confrelid
     join pg_namespace space on space.oid = child.relnamespace
     where space.nspname = $1 and con.contype = 'f' order by con.conname`,
    [schema],
  );
}

export type UniqueKey = { name: string; table: string; columns: string[] };

/** The unique indexes of a schema over plain columns of all rows. */
export function listUniqueKeys(tx: TenantTx, schema: string): Promise<UniqueKey[]> {
  return tx.query<UniqueKey>(
    `select named.relname::text as name, class.relname::text as "table",
       array(select att.attname::text from unnest(index.indkey::smallint[]) with ordinality key (number, place)
             join pg_attribute att on att.attrelid = class.oid and att.attnum = key.number
             order by key.place) as columns
     from pg_index index
     join pg_class class on class.oid = index.indrelid
     join pg_class named on named.oid = index.indexrelid
     join pg_namespace space on space.oid = class.relnamespace
     where space.nspname = $1 and index.indisunique and index.indpred is null
       and 0 <> all(index.indkey::smallint[])
     order by 2, 1`,
    [schema],
  );
}

/** The roles, other than tenants', that the login role of a tenant transaction may become. */
export async function listLoginRoles(tx: TenantTx): Promise<string[]> {
  const rows = await tx.query<{ name: string }>(
    `select role.rolname::text as name from pg_roles role
     where role.rolname <> session_user and role.rolname !~ '^tenant_[0-9a-f]{32}$'
       and pg_has_role(session_user, role.oid, 'SET') order by role.rolname`,
  );
  return rows.map(({ name }) => name);
}

/** The channels on which functions and triggers of the database tell something. */
export async function listChannels(tx: ControlTx): Promise<string[]> {
  const rows = await tx.query<{ name: string }>(
    `select distinct call[1] as name from pg_proc proc
     join pg_namespace space on space.oid = proc.pronamespace
     cross join lateral regexp_matches(
       proc.prosrc, 'pg_notify[[:space:]]*\\([[:space:]]*''([^'']+)''', 'gi') call
     where space.nspname !~ '^(pg_|information_schema)' order by name`,
  );
  return rows.map(({ name }) => name);
}

export type Reaching = { name: string; call: string; locks: boolean };

/**
 * Functions of the database that lock by a number, show other sessions or tell how much a table holds,
 * each as a call that changes nothing even where it is allowed.
 */
export function listReaching(tx: TenantTx): Promise<Reaching[]> {
  return tx.query<Reaching>(
    `select proc.oid::regprocedure::text as name, proc.proname ~ 'advisory' as locks,
       format('pg_catalog.%I(%s)', proc.proname,
         array_to_string(array(select format('(select null::%s)', format_type(arg.oid, null))
           from unnest(proc.proargtypes::oid[]) with ordinality arg (oid, place)
           order by arg.place), ', ')) as call
     from pg_proc proc
     where proc.pronamespace = 'pg_catalog'::regnamespace and proc.prorettype <> 'trigger'::regtype
       and (proc.proname ~ '^pg_(try_)?advisory_(xact_)?lock' or proc.proname ~ '^pg_stat_get_'
            or proc.proname ~ '^pg_(relation|table|total_relation|indexes|database)_size$'
            or proc.proname in ('pg_lock_status', 'pg_blocking_pids', 'pg_safe_snapshot_blocking_pids'))
     order by 1`,
  );
}

/** Statements that read the database's estimates of how much the tables of a schema hold. */
export function listEstimates(
  tx: TenantTx,
  schema: string,
): Promise<{ name: string; text: string }[]> {
  return tx.query(
    `select att.attname::text as name,
       format('select class.%I from pg_catalog.pg_class class where class.relnamespace = %L::regnamespace',
         att.attname, $1::text) as text
     from pg_attribute att
     where att.attrelid = 'pg_catalog.pg_class'::regclass
       and att.attname in ('reltuples', 'relpages', 'relallvisible', 'relallfrozen')
     order by att.attnum`,
    [schema],
  );
}
