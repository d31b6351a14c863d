import type pg from 'pg';
import { tenantName, type Log, type Statements } from '../platform/index.ts';
import { sealTenantSchema } from './seal-tenant-schema.ts';
import type { Migration } from './migrations.ts';
import { tenantScript } from './tenant-script.ts';

export type Pending = { control: string[]; tenants: number };
type Plan = { control: readonly Migration[]; tenant: readonly Migration[] };

const MIGRATION_LOCK = 4201;

/**
 * Brings the control schema and every tenant schema to this version, each file and each tenant in
 * one transaction, as the migrator. Can be stopped and run again at any point. Throws when a file
 * that already ran has changed since: released migrations are never edited.
 */
export async function migrate(client: pg.Client, plan: Plan, log: Log): Promise<void> {
  await client.query(`set lock_timeout = '5s'`);
  await client.query(`select pg_advisory_lock(${String(MIGRATION_LOCK)})`);
  try {
    await client.query('create schema if not exists control');
    await client.query(
      `create table if not exists control.migrations (
         name text primary key, checksum text not null, applied_at timestamptz not null default now())`,
    );
    for (const file of await pendingControl(client, plan.control)) {
      await inOneTransaction(client, async () => {
        await client.query(file.sql);
        await client.query('insert into control.migrations (name, checksum) values ($1, $2)', [
          file.name,
          file.checksum,
        ]);
      });
      log.info('migration applied', { migration: file.name });
    }
    for (const { id, version } of await pendingTenants(client, plan.tenant.length))
      await migrateTenant(client, {
        id,
        files: plan.tenant.slice(version),
        to: plan.tenant.length,
      });
  } finally {
    await client.query(`select pg_advisory_unlock(${String(MIGRATION_LOCK)})`);
  }
}

/** What a run would do; a database without a control schema has everything pending. */
export async function listPendingMigrations(client: pg.Client, plan: Plan): Promise<Pending> {
  const { rows } = await client.query<{ there: boolean }>(
    `select to_regclass('control.tenants') is not null as there`,
  );
  if (!rows[0]?.there) return { control: plan.control.map(({ name }) => name), tenants: 0 };
  const control = await pendingControl(client, plan.control);
  const tenants = await pendingTenants(client, plan.tenant.length);
  return { control: control.map(({ name }) => name), tenants: tenants.length };
}

async function pendingControl(
  client: pg.Client,
  files: readonly Migration[],
): Promise<Migration[]> {
  const { rows } = await client.query<{ name: string; checksum: string }>(
    'select name, checksum from control.migrations',
  );
  const applied = new Map(rows.map(({ name, checksum }) => [name, checksum]));
  for (const { name, checksum } of files)
    if (applied.has(name) && applied.get(name) !== checksum)
      throw new Error(`migration ${name} was changed after it ran; add a new one instead`);
  return files.filter(({ name }) => !applied.has(name));
}

/** A pass with nothing to do is this one query. */
async function pendingTenants(
  client: pg.Client,
  latest: number,
): Promise<{ id: string; version: number }[]> {
  const { rows } = await client.query<{ id: string; version: number }>(
    `select tenant.id, tenant.schema_version as version from control.tenants tenant
     where tenant.state in ('active', 'suspended') and tenant.schema_version < $1 order by tenant.id`,
    [latest],
  );
  return rows;
}

type TenantStep = { id: string; files: readonly Migration[]; to: number };

async function migrateTenant(client: pg.Client, step: TenantStep): Promise<void> {
  await inOneTransaction(client, async () => {
    await client.query(`set local search_path = "${tenantName(step.id)}", pg_catalog`);
    await client.query(tenantScript(step.files, step.id));
    await sealTenantSchema(statementsOn(client), step.id);
    await client.query('update control.tenants set schema_version = $2 where id = $1', [
      step.id,
      step.to,
    ]);
  });
}

function statementsOn(client: pg.Client): Statements {
  return {
    query: async <R>(text: string, values: readonly unknown[] = []) =>
      (await client.query(text, [...values])).rows as R[],
    execute: async (text, values = []) => (await client.query(text, [...values])).rowCount ?? 0,
  };
}

async function inOneTransaction(client: pg.Client, work: () => Promise<void>): Promise<void> {
  await client.query('begin');
  try {
    await work();
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
}
