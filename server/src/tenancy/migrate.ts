import type pg from 'pg';
import { tenantName, type Log, type Statements } from '../platform/index.ts';
import { sealTenantSchema } from './seal-tenant-schema.ts';
import { latestOf, type Migration } from './migrations.ts';
import { tenantScript } from './tenant-script.ts';

export type Pending = { control: string[]; tenants: number };
export type Plan = {
  control: readonly Migration[];
  tenant: readonly Migration[];
  /** The proof of a tenant: under forced row security a backfill without it changes nothing. */
  proofOf: (tenant: { id: string; epoch: number }) => Promise<string>;
};

type Step = { id: string; epoch: number; version: number };

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
    await recordTenantFiles(client, plan.tenant);
    for (const step of await pendingTenants(client, latestOf(plan.tenant)))
      await migrateTenant(client, step, plan);
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
  const tenants = await pendingTenants(client, latestOf(plan.tenant));
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
async function pendingTenants(client: pg.Client, latest: number): Promise<Step[]> {
  const { rows } = await client.query<Step>(
    `select tenant.id, tenant.epoch, tenant.schema_version as version from control.tenants tenant
     where tenant.state in ('active', 'suspended') and tenant.schema_version < $1 order by tenant.id`,
    [latest],
  );
  return rows;
}

/** Tenant files are held to their checksums too; a new one is noted when it is first seen. */
async function recordTenantFiles(client: pg.Client, files: readonly Migration[]): Promise<void> {
  const named = files.map((file) => ({ ...file, name: `tenant/${file.name}` }));
  for (const { name, checksum } of await pendingControl(client, named))
    await client.query('insert into control.migrations (name, checksum) values ($1, $2)', [
      name,
      checksum,
    ]);
}

async function migrateTenant(client: pg.Client, step: Step, plan: Plan): Promise<void> {
  const proof = await plan.proofOf(step);
  const to = latestOf(plan.tenant);
  await inOneTransaction(client, async () => {
    // It may have been dropped, or migrated by the provisioner, since the list was made.
    const { rowCount } = await client.query(
      `select from control.tenants tenant
       where tenant.id = $1 and tenant.state in ('active', 'suspended') and tenant.schema_version = $2
       for no key update`,
      [step.id, step.version],
    );
    if (rowCount === 0) return;
    await client.query(`set local search_path = "${tenantName(step.id)}", pg_catalog`);
    await client.query(`select set_config('casemate.proof', $1, true)`, [proof]);
    await client.query(
      tenantScript(
        plan.tenant.filter(({ number }) => number > step.version),
        step.id,
      ),
    );
    await sealTenantSchema(statementsOn(client), step.id);
    await client.query('update control.tenants set schema_version = $2 where id = $1', [
      step.id,
      to,
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
