import path from 'node:path';
import type { SuperuserAccess } from '../../../database/run-sql.ts';
import { Fault } from '../../../fault.ts';
import { findDifferences, hashTables } from '../../hash-tables.ts';
import { openSession, type PsqlSession } from '../../psql-session.ts';
import {
  listTenantTables,
  schemaOf,
  setNames,
  type SavedTenant,
  type TenantKey,
} from './read-tenant.ts';

type Loading = {
  saved: SavedTenant;
  /** Where its rows are, a file for each table. */
  dir: string;
  from: string;
  /** The same tenant, or a new one that nobody has used yet. */
  into: string;
  /** Data keys that come back, because rows of the backup are under them. */
  keys: readonly TenantKey[];
  backup: string;
  /** Of a test's own. */
  database?: string;
};

/**
 * Lays the rows of a backup in the place of those of a tenant, in one transaction: it is as it was, or as it
 * was saved. Its own log of audit stays and gets a row; nothing outside its schema is touched but the
 * platform's log. Before the end all rows are compared with those of the backup. Gives how many there are.
 */
export async function loadTenant(access: SuperuserAccess, loading: Loading): Promise<number> {
  const { saved, dir, from, into, database = 'casemate' } = loading;
  const session = openSession(access, database);
  try {
    const present = await listTenantTables(session, into);
    if (JSON.stringify(present) !== JSON.stringify(saved.tables))
      throw new Fault('The tenant has other tables than the backup', {
        next: 'Nothing was changed. Run `casemate doctor`.',
        code: 'damaged',
      });
    await session.run(
      `begin;
       set local lock_timeout = '60s';
       set local session_replication_role = replica;`,
    );
    await takeRules(session, loading);
    const names = saved.tables.map(({ name }) => `"${schemaOf(into)}"."${name}"`);
    // eslint-disable-next-line casemate/no-string-built-sql -- names of the catalogue, see listTenantTables
    await session.run(`truncate ${names.join(', ')};`);
    for (const { name, columns } of saved.tables) {
      const list = columns.map((one) => `"${one}"`).join(', ');
      const file = path.join(dir, name).replaceAll("'", "''");
      await session.run(`\\copy "${schemaOf(into)}"."${name}" (${list}) from '${file}'`);
    }
    await bringKeys(session, loading);
    const rows = await compare(session, loading);
    for (const one of new Set([from, into])) await writeAudit(session, loading, one);
    await session.run('commit;');
    return rows;
  } finally {
    session.close();
  }
}

/** After a rotation the database takes no field under an older key; those of the backup may be. */
async function takeRules(session: PsqlSession, { saved, from, into }: Loading): Promise<void> {
  if (from !== into) return;
  for (const { table, name, rule } of saved.rules)
    await session.run(
      // eslint-disable-next-line casemate/no-string-built-sql -- names of the catalogue, see listTenantTables
      `alter table "${schemaOf(into)}"."${table}" drop constraint if exists "${name}",
         add constraint "${name}" ${rule};`,
    );
}

async function bringKeys(session: PsqlSession, { keys, into }: Loading): Promise<void> {
  await setNames(session, into);
  for (const { version, wrapped } of keys) {
    if (!/^[a-z]+:v\d+:[A-Za-z0-9+/=]+$/.test(wrapped))
      throw new Fault('A key of the backup is none', { code: 'damaged' });
    await session.run(`\\set version '${Math.trunc(version)}'\n\\set wrapped '${wrapped}'`);
    await session.run(
      // eslint-disable-next-line casemate/no-string-built-sql -- names of the catalogue, see listTenantTables
      `insert into "${schemaOf(into)}".data_keys (version, tenant_id, wrapped, state)
       values (:'version'::integer, :'tenant'::uuid, :'wrapped', 'old')
       on conflict (version) do update set wrapped = excluded.wrapped, state = 'old', retired_at = null;`,
    );
  }
}

async function compare(session: PsqlSession, loading: Loading): Promise<number> {
  const { saved, from, into } = loading;
  const own = (table: string) => table.slice(table.indexOf('.') + 1);
  const names = new Set(saved.tables.map(({ name }) => name));
  const found = (await hashTables(session.run, schemaOf(into)))
    .filter(({ table }) => names.has(own(table)))
    // In another tenant each row bears another id, and its fields are encrypted anew afterwards.
    .map((one) => ({ ...one, table: own(one.table), ...(from === into ? {} : { sums: '' }) }));
  const wanted = saved.hashes.map((one) => ({
    ...one,
    table: own(one.table),
    ...(from === into ? {} : { sums: '' }),
  }));
  const wrong = findDifferences(wanted, found);
  if (wrong.length > 0)
    throw new Fault(`${wrong.length} tables did not arrive as they were saved`, {
      why: wrong.slice(0, 5).join(', '),
      next: 'Nothing was changed. Run `casemate doctor`, then the command again.',
      code: 'damaged',
    });
  return found.reduce((sum, { rows }) => sum + rows, 0);
}

/** In the tenant's own log and in the platform's, in the same transaction as what they tell of. */
async function writeAudit(
  session: PsqlSession,
  { backup, from, into }: Loading,
  tenantId: string,
): Promise<void> {
  await setNames(session, tenantId);
  const after = JSON.stringify({ backup, from, into });
  await session.run(`\\set after '${after.replaceAll("'", "''")}'\n\\set backup '${backup}'`);
  for (const log of [`"${schemaOf(tenantId)}".audit_events`, 'control.audit_events'])
    await session.run(
      // eslint-disable-next-line casemate/no-string-built-sql -- names of the catalogue, see listTenantTables
      `insert into ${log} (id, tenant_id, actor_kind, action, resource_type, resource_id, after, request_id)
       values (uuidv7(), :'tenant'::uuid, 'system', 'tenant.restore', 'tenant', :'tenant',
         :'after'::jsonb, 'backup-' || :'backup');`,
    );
}
