import path from 'node:path';
import type { SuperuserAccess } from '../../../database/run-sql.ts';
import { Fault } from '../../../fault.ts';
import { findDifferences, hashTables } from '../../hash-tables.ts';
import type { TableHash } from '../../manifest.ts';
import { openSession, type PsqlSession } from '../../psql-session.ts';

export type TenantKey = { version: number; wrapped: string; state: string };

/** One table with the columns that are copied, in order. */
export type TenantTable = { name: string; columns: string[] };

/** One tenant as a recovered database has it. */
export type SavedTenant = {
  tables: TenantTable[];
  hashes: TableHash[];
  keys: TenantKey[];
  /** Which versions of keys a column takes, as it was then. */
  rules: { table: string; name: string; rule: string }[];
};

/** Its log is not turned back, and of its keys only those that are lacking come. */
const STAYS = ['audit_events', 'audit_log', 'data_keys'];

export const schemaOf = (tenantId: string): string => `tenant_${tenantId.replaceAll('-', '')}`;

type Reading = {
  tenantId: string;
  /** The version of the tables today. */
  schemaVersion: number;
  /** The rows go here, a file for each table, under this tenant's id. */
  dir: string;
  as: string;
  /** As noted at the backup; null where the log was replayed further. */
  noted: readonly TableHash[] | null;
  /** Of a test's own. */
  database?: string;
};

/**
 * Writes the rows of one tenant, and of no other, out of a recovered database. Throws when it holds no
 * such tenant, or its rows are not those that were noted.
 */
export async function readTenant(access: SuperuserAccess, reading: Reading): Promise<SavedTenant> {
  const { tenantId, dir, as, noted, database = 'casemate' } = reading;
  const session = openSession(access, database);
  try {
    await setNames(session, tenantId);
    await refuseUnfit(session, reading);
    const hashes = await hashTables(session.run, schemaOf(tenantId));
    const own = noted?.filter(({ table }) => table.startsWith(`${schemaOf(tenantId)}.`));
    const wrong = own ? findDifferences(own, hashes) : [];
    if (wrong.length > 0)
      throw new Fault(`${wrong.length} tables differ from what was noted at the backup`, {
        why: wrong.slice(0, 5).join(', '),
        next: 'Nothing was changed. Restore an earlier backup: `casemate backup list`.',
        code: 'damaged',
      });
    const tables = await listTenantTables(session, tenantId);
    for (const { name, columns } of tables) {
      const values = columns.map((one) => (one === 'tenant_id' ? `'${as}'::uuid` : `"${one}"`));
      const file = path.join(dir, name).replaceAll("'", "''");
      await session.run(
        `copy (select ${values.join(', ')} from "${schemaOf(tenantId)}"."${name}") to '${file}';`,
      );
    }
    const restored = new Set(tables.map(({ name }) => `${schemaOf(tenantId)}.${name}`));
    return {
      tables,
      hashes: hashes.filter(({ table }) => restored.has(table)),
      keys: await readTenantKeys(session, tenantId),
      rules: JSON.parse((await session.run(rulesOf)) || '[]') as SavedTenant['rules'],
    };
  } finally {
    session.close();
  }
}

/** For the statements below: `:'schema'` and `:'tenant'`. */
export async function setNames(session: PsqlSession, tenantId: string): Promise<void> {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(tenantId))
    throw new Fault(`"${tenantId}" is no id of a tenant`, { code: 'usage' });
  await session.run(`\\set tenant '${tenantId}'\n\\set schema '${schemaOf(tenantId)}'`);
}

async function refuseUnfit(session: PsqlSession, { schemaVersion }: Reading): Promise<void> {
  const found = await session.run(
    `select tenant.schema_version from control.tenants tenant
     where tenant.id = :'tenant'::uuid and tenant.state in ('active', 'suspended')
       and exists (select from pg_namespace space where space.nspname = :'schema');`,
  );
  if (found === '')
    throw new Fault('This backup holds no such tenant', {
      why: 'It was made later, or was not open then.',
      next: 'Nothing was changed. `casemate backup list` shows the others.',
      code: 'notInstalled',
    });
  if (Number(found) !== schemaVersion)
    throw new Fault('The tables of a tenant were others when this backup was made', {
      why: `They were of version ${found}, and are of ${schemaVersion} today.`,
      next: 'Nothing was changed. Restore the whole beside this instance (--instance, --data-dir), and read there.',
      code: 'path',
    });
}

export async function listTenantTables(
  session: PsqlSession,
  tenantId: string,
): Promise<TenantTable[]> {
  await setNames(session, tenantId);
  const rows = await session.run(tablesOf);
  const tables = JSON.parse(rows || '[]') as TenantTable[];
  // They are spliced into statements.
  const odd = tables
    .flatMap(({ name, columns }) => [name, ...columns])
    .find((one) => !/^[a-z][a-z0-9_]*$/.test(one));
  if (odd !== undefined) throw new Fault(`A table of the tenant has an odd name: ${odd}`);
  return tables.filter(({ name }) => !STAYS.includes(name));
}

const tablesOf = `select json_agg(found order by found.name) from (
  select class.relname as name, json_agg(attribute.attname order by attribute.attnum) as columns
  from pg_class class join pg_namespace space on space.oid = class.relnamespace
  join pg_attribute attribute on attribute.attrelid = class.oid
  where space.nspname = :'schema' and class.relkind = 'r' and class.relpersistence = 'p'
    and attribute.attnum > 0 and not attribute.attisdropped and attribute.attgenerated = ''
  group by class.relname) found;`;

export async function readTenantKeys(session: PsqlSession, tenantId: string): Promise<TenantKey[]> {
  const rows = await session.run(
    // eslint-disable-next-line casemate/no-string-built-sql -- schemaOf an id that setNames has examined
    `select json_agg(json_build_object('version', version, 'wrapped', wrapped, 'state', state))
     from "${schemaOf(tenantId)}".data_keys;`,
  );
  return JSON.parse(rows || '[]') as TenantKey[];
}

const rulesOf = `select json_agg(json_build_object('table', class.relname,
    'name', rule.conname, 'rule', pg_get_constraintdef(rule.oid)))
  from pg_constraint rule join pg_class class on class.oid = rule.conrelid
  join pg_namespace space on space.oid = class.relnamespace
  where space.nspname = :'schema' and rule.conname like 'keys\\_%';`;
