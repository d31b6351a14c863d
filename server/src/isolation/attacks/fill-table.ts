import { randomBytes } from 'node:crypto';
import {
  newId,
  tenantName,
  type EncryptedColumn,
  type FieldEncryptor,
  type TenantTx,
} from '../../platform/index.ts';
import type { CanaryTenant } from '../canaries/canary.ts';
import { listColumns, listForeignKeys } from '../repo/catalog.ts';
import type { World } from '../world.ts';
import { keyReader } from './key-reader.ts';

export type Row = Readonly<Record<string, unknown>>;

/**
 * A row of the table that B can see: one that real use has left, or else one that is made from the
 * table's own description. A table for which neither can be had stays uncovered, which fails.
 */
export async function fillTable(
  world: World,
  table: string,
  of = world.b,
): Promise<Row | undefined> {
  const { subject } = world;
  const schema = tenantName(of.id);
  const scope = await subject.openTenant(of.id, of.admin.accountId);
  const read = async (tx: TenantTx): Promise<Row | undefined> => {
    const rows = await tx.query<{ row: Row }>(
      `select to_jsonb(entry) as row from "${schema}"."${table}" entry limit 1`,
    );
    return rows[0]?.row;
  };
  const found = await subject.db
    .inTenant(scope, read)
    .catch(() => subject.db.inAuditor(scope, read))
    .catch(() => undefined);
  if (found) return found;
  try {
    const fields = await subject.newKeys().open(keyReader(subject, of.id));
    return await subject.db.inTenant(scope, async (tx) => {
      const made = await makeRow(tx, { schema, table, tenant: of });
      const row = encrypt(made, { table, fields, columns: subject.columns });
      const columns = Object.keys(row);
      const list = columns.map((name) => `"${name}"`).join(', ');
      await tx.execute(
        `insert into "${schema}"."${table}" (${list})
         select ${list} from jsonb_populate_record(null::"${schema}"."${table}", $1::jsonb)`,
        [JSON.stringify(row)],
      );
      return (await read(tx)) ?? row;
    });
  } catch (error) {
    subject.ctx.log.warn('the isolation test can not fill a table', { table, error });
    return undefined;
  }
}

type Encrypting = { table: string; fields: FieldEncryptor; columns: readonly EncryptedColumn[] };

/** Texts of encrypted columns as their room would write them: the database takes no others. */
function encrypt(row: Row, { table, fields, columns }: Encrypting): Row {
  const sealed = columns
    .filter((column) => column.table === table && typeof row[column.column] === 'string')
    .map(({ column, rowId }): [string, string] => {
      const place = { table, field: column, row: rowId.map((part) => String(row[part])).join('/') };
      return [column, fields.encrypt(place, String(row[column]))];
    });
  return { ...row, ...Object.fromEntries(sealed) };
}

type Making = { schema: string; table: string; tenant: CanaryTenant };

/** The least that the table's columns, keys and checks ask for. */
async function makeRow(tx: TenantTx, { schema, table, tenant }: Making): Promise<Row> {
  const role = tenantName(tenant.id);
  const columns = await listColumns(tx, { schema, table, role });
  const keys = (await listForeignKeys(tx, schema)).filter((key) => key.table === table);
  const allowed = await readAllowed(tx, { schema, table });
  const row: Record<string, unknown> = {};
  for (const { name, type, notNull, hasDefault, mayInsert } of columns) {
    if (!mayInsert || (hasDefault && name !== 'tenant_id') || !notNull) continue;
    row[name] = allowed.get(name) ?? valueOf(name, type, tenant);
  }
  for (const { columns: own, parent, parentColumns } of keys)
    for (const [index, column] of own.entries()) {
      if (row[column] === undefined) continue;
      const [entry] = await tx.query<{ value: unknown }>(
        `select to_jsonb(entry."${parentColumns[index] ?? 'id'}") as value from "${schema}"."${parent}" entry limit 1`,
      );
      if (entry) row[column] = entry.value;
    }
  return row;
}

function valueOf(name: string, type: string, tenant: CanaryTenant): unknown {
  if (name === 'tenant_id') return tenant.id;
  if (name === 'account_id') return tenant.admin.accountId;
  if (type === 'uuid') return newId();
  if (/^(smallint|integer|bigint|numeric|double|real)/.test(type)) return 1;
  if (type === 'boolean') return false;
  if (type === 'bytea') return `\\x${randomBytes(32).toString('hex')}`;
  if (type.startsWith('timestamp') || type === 'date') return new Date().toISOString();
  if (type.startsWith('json')) return {};
  if (type.endsWith('[]')) return [];
  if (type === 'inet') return '127.0.0.1';
  return `row ${tenant.secret}`;
}

/** The first of the values that a check allows for a column. */
async function readAllowed(
  tx: TenantTx,
  { schema, table }: Pick<Making, 'schema' | 'table'>,
): Promise<Map<string, string>> {
  const rows = await tx.query<{ name: string; text: string }>(
    `select att.attname::text as name, pg_get_constraintdef(con.oid) as text
     from pg_constraint con join pg_class class on class.oid = con.conrelid
     join pg_namespace space on space.oid = class.relnamespace
     join pg_attribute att on att.attrelid = class.oid and att.attnum = any(con.conkey)
     where space.nspname = $1 and class.relname = $2 and con.contype = 'c'
       and cardinality(con.conkey) = 1`,
    [schema, table],
  );
  return new Map(
    rows.flatMap(({ name, text }): [string, string][] => {
      const value = /ANY \(ARRAY\['([^']{1,60})'::text/.exec(text)?.[1];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
