import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { titlesOf } from '../../tests/key-rows.ts';
import { startProgram, type Program } from '../../tests/start-program.ts';
import { startAppliance, testConfig, type TestAppliance } from '../../tests/test-appliance.ts';
import { createTenantKeys, requestRotation } from '../crypto/index.ts';
import { tenantName } from '../platform/index.ts';
import { createTenant, dropTenant } from '../tenancy/index.ts';

const TENANTS = 6;
const TITLES = 400;
const KILLS = 3;
/** Rows that a rotation rewrites in one transaction. */
const BATCH = 100;
/** Reads at one time: more than the pool's connections would wait longer than a request may. */
const READS = 20;
/** All processes must have dropped the old keys before a rotation rewrites. */
const QUICK = { CASEMATE_DATA_KEY_SECONDS: 1 };

/** The programs themselves, as processes that are ended with SIGKILL in the middle of their work. */
describe('programs that are killed', () => {
  let appliance: TestAppliance;
  let provisioner: Program | undefined;
  let server: Program | undefined;

  beforeAll(async () => {
    // The test itself keeps its keys: it writes many titles before the rotation, and none after.
    appliance = await startAppliance({}, { programs: 'none' });
  });
  afterAll(async () => {
    await Promise.all([provisioner?.stop(), server?.stop()]);
    await appliance.stop();
  });

  const database = (): string => appliance.config.CASEMATE_DATABASE_NAME;
  const startProvisioner = async (): Promise<void> => {
    provisioner = await startProgram('provision', testConfig(database(), QUICK, 'provisioner'));
  };
  const rowsOf = async <R extends object>(text: string, values: unknown[] = []): Promise<R[]> =>
    (await appliance.superuser.query<R>(text, values)).rows;
  /** As if its minute had passed: what a dead process had in hand is anybody's. */
  const endLeases = async (): Promise<void> => {
    for (const table of ['jobs', 'key_rotations', 'rotations'])
      await rowsOf(`update control.${table} set lease_until = now() where lease_until is not null`);
  };
  const until = async (holds: () => Promise<boolean>): Promise<void> => {
    for (let tries = 0; tries < 1_200; tries += 1) {
      if (await holds()) return;
      await pause(50);
    }
    throw new Error('did not happen within a minute');
  };
  const statesOf = async (ids: readonly string[]): Promise<string[]> => {
    const rows = await rowsOf<{ state: string }>(
      'select distinct state from control.tenants where id = any($1) order by state',
      [ids],
    );
    return rows.map(({ state }) => state);
  };
  const tracesOf = async (ids: readonly string[]): Promise<number> => {
    const [row] = await rowsOf<{ count: number }>(
      `select (select count(*) from pg_namespace where nspname = any($1))::integer
         + (select count(*) from pg_roles where rolname = any($1))::integer as count`,
      [ids.map(tenantName)],
    );
    return row?.count ?? 0;
  };
  const keyExists = (id: string): Promise<boolean> =>
    appliance.provisioning.platform.vault
      .read(`transit/keys/tenant-${id.replaceAll('-', '')}`)
      .then(() => true)
      .catch(() => false);
  /** Kills the provisioner at some moments of its work, and lets the last one finish. */
  const killWhile = async (ids: readonly string[], wanted: string): Promise<void> => {
    for (let kills = 0; kills < KILLS; kills += 1) {
      await startProvisioner();
      await pause(50 + Math.random() * 400);
      await provisioner?.kill();
      await endLeases();
    }
    await startProvisioner();
    await until(async () => (await statesOf(ids)).join() === wanted);
    await provisioner?.stop();
    provisioner = undefined;
  };

  it('ENC-09: whenever the provisioner is killed, tenants are made whole, and removed whole', async () => {
    const system = appliance.contextOf(null, null);
    const ids: string[] = [];
    for (let n = 0; n < TENANTS; n += 1)
      ids.push((await createTenant(system, { name: `Killed ${n}`, language: 'en' })).id);
    await killWhile(ids, 'active');
    expect(await tracesOf(ids)).toBe(2 * TENANTS);
    for (const id of ids) expect(await keyExists(id)).toBe(true);
    await expect(appliance.parts.openTenant(ids[0] ?? '', null)).resolves.toBeDefined();
    for (const id of ids) await dropTenant(system, id);
    await killWhile(ids, 'dropped');
    expect(await tracesOf(ids)).toBe(0);
    for (const id of ids) expect(await keyExists(id)).toBe(false);
    const twice = await rowsOf(
      `select tenant_id from control.deletion_ledger group by tenant_id having count(*) > 1`,
    );
    expect(twice).toEqual([]);
  });

  it('ENC-03, ENC-06: a rotation of the data key goes on whenever its processes are killed', async () => {
    await startProvisioner();
    const system = appliance.contextOf(null, null);
    const { id: tenantId } = await createTenant(system, { name: 'Rotated', language: 'en' });
    await until(async () => (await statesOf([tenantId])).join() === 'active');
    const person = await appliance.makePerson({ [tenantId]: 'member' });
    const titles = titlesOf(appliance);
    const ids = await titles.writeMany(tenantId, person, TITLES);
    const { id } = await requestRotation(system, { tenantId, kind: 'data' });
    const rotation = async (): Promise<{ state: string; done: number } | undefined> =>
      (
        await rowsOf<{ state: string; done: number }>(
          'select state, rows_done::integer as done from control.key_rotations where id = $1',
          [id],
        )
      )[0];
    // The provisioner dies while it prepares, the server while it rewrites.
    await pause(Math.random() * 300);
    await provisioner?.kill();
    await endLeases();
    await startProvisioner();
    await until(async () => (await rotation())?.state === 'rewriting');
    // Each pass comes to a row that somebody else holds, one batch later than the one before it.
    const space = tenantName(tenantId);
    const order = await rowsOf<{ id: string }>(`select id from ${space}.conversations order by id`);
    const other = await appliance.superuser.connect();
    other.on('error', () => undefined);
    for (let kills = 0; kills < KILLS; kills += 1) {
      await other.query('begin');
      await other.query(`select from ${space}.conversations where id = $1 for update`, [
        order[kills * BATCH + BATCH / 2]?.id,
      ]);
      server = await startProgram('serve', testConfig(database(), QUICK));
      await until(async () => {
        const [held] = await rowsOf<{ waiting: boolean }>(
          `select exists (select from pg_stat_activity where datname = current_database()
             and wait_event_type = 'Lock') as waiting`,
        );
        return held?.waiting ?? false;
      });
      await server.kill();
      expect(await rotation()).toMatchObject({ state: 'rewriting', done: kills * BATCH });
      await other.query('rollback');
      await endLeases();
    }
    other.release();
    server = await startProgram('serve', testConfig(database(), QUICK));
    await until(async () => (await rotation())?.state === 'done');
    expect(await titles.versions(tenantId)).toEqual([2]);
    // A reader that met no key yet, and keeps them while it reads.
    const keys = createTenantKeys(appliance.parts.platform.keys, { seconds: 60, uses: TITLES * 2 });
    const read: string[] = [];
    for (let at = 0; at < TITLES; at += READS)
      read.push(
        ...(await Promise.all(
          ids.slice(at, at + READS).map((one) => titles.read(tenantId, person, one, keys)),
        )),
      );
    expect(read).toEqual(ids.map((_id, at) => `title ${at}`));
  });
});
