import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import pg from 'pg';
import { partsInfo } from '../../../tests/parts-info.ts';
import { makeSealedTenant, waitForState } from '../../../tests/sealed-tenant.ts';
import { startAppliance, type TestAppliance } from '../../../tests/test-appliance.ts';
import { createLog, tenantName } from '../../platform/index.ts';
import { makeProofs } from '../proof-of-tenant.ts';
import { closeSeal } from '../seal/close-seal.ts';
import { openSeal } from '../seal/open-seal.ts';
import { proofsOfSteps } from '../seal/proofs-of-steps.ts';
import { findPending } from './find-pending.ts';
import { migrate, type Plan } from './migrate.ts';
import { latestOf, readMigrations, type Migration } from './migrations.ts';

const folder = join(import.meta.dirname, '../../../migrations');
const log = createLog({ level: 'error', fields: {}, stream: process.stderr });
// What is expected to fail says so on standard error.
log.error = () => undefined;

describe('the migration pass', () => {
  let appliance: TestAppliance;
  let tenants: string[];
  let released: Migration[];
  const open: pg.Client[] = [];

  const connect = async (): Promise<pg.Client> => {
    const info = partsInfo();
    const { rows } = await appliance.superuser.query<{ name: string }>(
      'select current_database() as name',
    );
    const client = new pg.Client({
      host: info.socketDir,
      port: info.port,
      database: rows[0]?.name,
      user: 'casemate_migrator',
      password: info.passwords['migrator'],
      pipeline: true,
    });
    client.on('error', () => undefined);
    await client.connect();
    open.push(client);
    return client;
  };
  const planOf = async (...more: string[]): Promise<Plan> => ({
    control: await readMigrations(join(folder, 'control')),
    tenant: [...released, ...more.map(migrationOf)],
    proofsOf: (list) => makeProofs(appliance.parts.platform.vault, list),
    connect,
    workers: 2,
    batch: 5,
  });
  const migrationOf = (sql: string, index: number): Migration => {
    const number = latestOf(released) + 1 + index;
    const checksum = createHash('sha256').update(sql).digest('hex');
    return { number, name: `${String(number).padStart(4, '0')}-test.sql`, sql, checksum };
  };
  const versions = async (): Promise<number[]> => {
    const { rows } = await appliance.superuser.query<{ version: number }>(
      'select schema_version as version from control.tenants order by id',
    );
    return rows.map(({ version }) => version);
  };

  beforeAll(async () => {
    appliance = await startAppliance();
    released = await readMigrations(join(folder, 'tenant'));
    tenants = [];
    for (let made = 0; made < 25; made += 1) tenants.push(await appliance.makeTenant());
    tenants.sort();
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((client) => client.end().catch(() => undefined)));
    await appliance.superuser.query(`delete from control.migrations where name like '%-test.sql'`);
    await appliance.superuser.query('delete from control.migration_failures');
    await appliance.superuser.query('update control.tenants set schema_version = $1', [
      latestOf(released),
    ]);
  });
  afterAll(() => appliance.stop());

  it('refuses a file that changed after it ran, and one that stands behind another', async () => {
    const client = await connect();
    await migrate(client, await planOf(`comment on table documents is 'x'`), log);
    const changed = migrate(client, await planOf(`comment on table documents is 'y'`), log);
    await expect(changed).rejects.toThrow(/was changed after it ran/);
    const plan = await planOf(`comment on table documents is 'x'`);
    const late = { ...migrationOf('select 1', 0), number: 0, name: '0000-late.sql' };
    await expect(migrate(client, { ...plan, tenant: [late, ...plan.tenant] }, log)).rejects.toThrow(
      /stands behind one that already ran/,
    );
  });

  it('does nothing where there is nothing to do', async () => {
    expect(await migrate(await connect(), await planOf(), log)).toEqual({
      control: [],
      tenants: 0,
      failed: [],
    });
  });

  it('brings every tenant to the new version, the suspended too, with the proof set for backfills', async () => {
    await appliance.superuser.query(
      `update control.tenants set state = 'suspended' where id = $1`,
      [tenants[3]],
    );
    const sql = `alter table data_keys add column note text;
      update data_keys set note = 'seen';`;
    const answer = await migrate(await connect(), await planOf(sql), log);
    expect(answer).toMatchObject({ tenants: 25, failed: [] });
    for (const id of tenants) {
      const { rows } = await appliance.superuser.query<{ note: string }>(
        `select note from "${tenantName(id)}".data_keys`,
      );
      expect(rows).toEqual([{ note: 'seen' }]);
    }
    await appliance.superuser.query(`update control.tenants set state = 'active' where id = $1`, [
      tenants[3],
    ]);
  });

  it('one tenant that fails keeps its version, is recorded, and stops no other; the next run mends it', async () => {
    const name = tenantName(tenants[7] ?? '');
    await appliance.superuser.query(`create table "${name}".in_the_way (id integer)`);
    const plan = await planOf('create index in_the_way on documents (created_at)');
    const answer = await migrate(await connect(), plan, log);
    expect(answer.tenants).toBe(24);
    expect(answer.failed).toEqual([
      { tenantId: tenants[7], error: 'relation "in_the_way" already exists' },
    ]);
    const { rows } = await appliance.superuser.query('select * from control.migration_failures');
    expect(rows).toMatchObject([{ tenant_id: tenants[7], attempts: 1 }]);
    await appliance.superuser.query(`drop table "${name}".in_the_way`);
    expect(await migrate(await connect(), plan, log)).toMatchObject({ tenants: 1, failed: [] });
    const left = await appliance.superuser.query('select * from control.migration_failures');
    expect(left.rows).toEqual([]);
  });

  it('ISO-10: a migration that leaves a table open takes effect in no tenant', async () => {
    const plan = await planOf('create table leaky (id integer primary key)');
    const answer = await migrate(await connect(), plan, log);
    expect(answer.tenants).toBe(0);
    expect(answer.failed).toHaveLength(25);
    expect(answer.failed[0]?.error).toMatch(/unsafe tenant schema: .*leaky: row security is not/);
    const { rows } = await appliance.superuser.query(
      `select from pg_class where relname = 'leaky'`,
    );
    expect(rows).toEqual([]);
  });

  it('a table in use delays its own tenant only, and for as long as it is in use', async () => {
    const holder = new pg.Client({
      host: partsInfo().socketDir,
      port: partsInfo().port,
      user: 'postgres',
      database: (await appliance.superuser.query<{ n: string }>('select current_database() n'))
        .rows[0]?.n,
    });
    holder.on('error', () => undefined);
    await holder.connect();
    await holder.query('begin');
    await holder.query(`lock table "${tenantName(tenants[11] ?? '')}".documents in share mode`);
    setTimeout(() => void holder.query('rollback'), 1_500);
    const answer = await migrate(
      await connect(),
      await planOf('alter table documents add column shelf text'),
      log,
    );
    expect(answer).toMatchObject({ tenants: 25, failed: [] });
    await holder.end();
  });

  it('a pass that is killed in the middle goes on where it was', async () => {
    const client = await connect();
    const plan = await planOf('alter table documents add column rack text; select pg_sleep(0.02);');
    const running = migrate(client, plan, log);
    for (let tries = 0; tries < 200; tries += 1) {
      if ((await versions()).some((version) => version > latestOf(released))) break;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await appliance.superuser.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where usename = 'casemate_migrator' and datname = current_database()`,
    );
    await expect(running).rejects.toThrow();
    const done = (await versions()).filter((version) => version > latestOf(released)).length;
    expect(done).toBeGreaterThan(0);
    expect(done).toBeLessThan(25);
    const again = await connect();
    const pending = await findPending(again, plan);
    expect(pending.tenants).toHaveLength(25 - done);
    expect(await migrate(again, plan, log)).toMatchObject({ tenants: 25 - done, failed: [] });
  });

  it('ENC-11: changes the tables of a sealed tenant with the others, and it is whole when opened', async () => {
    const { vault } = appliance.parts.platform;
    const stopListening = await appliance.parts.tenantChanges.start();
    const tenant = await makeSealedTenant(appliance);
    const holding = appliance.contextOf(tenant.holder, tenant.id);
    const fields = await holding.openFields();
    const place = { table: 'messages', row: '1', field: 'content' };
    const stored = fields.encrypt(place, 'the archive key');
    await closeSeal(holding, tenant.id);
    const plan = await planOf('alter table documents add column chest text');
    const answer = await migrate(
      await connect(),
      { ...plan, proofsOf: (steps) => proofsOfSteps(vault, steps) },
      log,
    );
    expect(answer).toMatchObject({ tenants: 26, failed: [] });
    // Sealed by the pass as before it: nobody has the shares but the holder.
    await expect(holding.openFields()).rejects.toMatchObject({ code: 'sealed' });
    await openSeal(holding, { tenantId: tenant.id, shares: tenant.shares.slice(0, 2) });
    await waitForState(appliance, tenant.id, 'active');
    await holding.readTenant((tx) => tx.query('select chest from documents'));
    expect((await holding.openFields()).decrypt(place, stored)).toBe('the archive key');
    await stopListening();
  });
});
