import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { startBreakableParts, type BreakableParts } from '../../tests/breakable-parts.ts';
import { partsInfo } from '../../tests/parts-info.ts';
import { startAppliance, type TestAppliance } from '../../tests/test-appliance.ts';
import { databasePasswords } from './index.ts';

const LOGIN = 'casemate_server';

describe('a database password that somebody has stolen', () => {
  let parts: BreakableParts;
  let appliance: TestAppliance;

  beforeAll(async () => {
    // Parts of its own: whoever shares them would be left with the passwords of before.
    parts = await startBreakableParts();
    appliance = await startAppliance();
    // How long a sign-in that has begun may take; the second look waits for its end.
    await appliance.superuser.query(`alter system set authentication_timeout = '3s'`);
    await appliance.superuser.query('select pg_reload_conf()');
    await pause(500);
  });
  afterAll(async () => {
    await appliance.stop();
    await parts.stop();
  });

  const passwordOf = async (login: string): Promise<string> => {
    const { vault } = appliance.parts.platform;
    const { password } = await vault.read(`casemate-database/static-creds/${login}`);
    return String(password);
  };
  /** A connection of the thief, whose loss is no fault of the test. */
  const clientOf = (password: pg.ClientConfig['password']): pg.Client => {
    const { socketDir: host, port } = partsInfo();
    const database = appliance.config.CASEMATE_DATABASE_NAME;
    const client = new pg.Client({ host, port, database, user: LOGIN, password });
    client.on('error', () => undefined);
    return client;
  };
  const rotate = async (compromised: boolean): Promise<void> => {
    await databasePasswords.rotate?.(appliance.provisioning.platform, {
      requestedAt: new Date(),
      compromised,
    });
  };
  const works = (client: pg.Client): Promise<boolean> =>
    client.query('select 1').then(
      () => true,
      () => false,
    );

  it('SEC-03: a session opened with it ends when it is rotated as compromised, and the server works on', async () => {
    const old = await passwordOf(LOGIN);
    const thief = clientOf(old);
    await thief.connect();
    await rotate(false);
    // A rotation by plan interrupts nobody.
    expect(await works(thief)).toBe(true);

    const { platform, openTenant } = appliance.parts;
    const scope = await openTenant(await appliance.makeTenant(), null);
    let ended = false;
    let calls = 0;
    const failures: unknown[] = [];
    const lane = async (): Promise<void> => {
      while (!ended) {
        calls += 1;
        await platform.db
          .inControl((tx) => tx.query('select 1'))
          .then(() => platform.db.readTenant(scope, (tx) => tx.query('select 1')))
          .catch((error: unknown) => failures.push(error));
        await pause(5);
      }
    };
    const lanes = Array.from({ length: 4 }, lane);
    await rotate(true).finally(() => (ended = true));
    await Promise.all(lanes);
    expect(await works(thief)).toBe(false);
    await expect(clientOf(old).connect()).rejects.toMatchObject({ code: '28P01' });
    // Of one that was cut between its COMMIT and the answer nobody can tell, and it says so.
    const told = failures.filter((error) => !/lost while it saved/.test(String(error)));
    expect(told).toEqual([]);
    expect(failures.length).toBeLessThanOrEqual(lanes.length);
    expect(calls).toBeGreaterThan(10);
    const owner = clientOf(await passwordOf(LOGIN));
    await owner.connect();
    expect(await works(owner)).toBe(true);
    await owner.end();
  });

  it('SEC-03: nor does a sign-in stay that began with the old one and ends after the rotation', async () => {
    const { promise, resolve } = Promise.withResolvers<string>();
    const old = await passwordOf(LOGIN);
    const thief = clientOf(() => promise);
    const connected = thief.connect().then(
      () => true,
      () => false,
    );
    await pause(200);
    const rotated = rotate(true);
    // By now the passwords are new, and those who had signed in are out.
    await pause(1_500);
    resolve(old);
    await connected;
    await rotated;
    expect(await works(thief)).toBe(false);
  });

  it('SEC-03: only the provisioner ends sessions, and none that are not of the appliance', async () => {
    const end = (platform: TestAppliance['parts']['platform']): Promise<number> =>
      platform.db.inControl(async (tx) => {
        const [row] = await tx.query<{ count: number }>(
          'select casemate_rotation.end_sessions(now()) as count',
        );
        return row?.count ?? -1;
      });
    await expect(end(appliance.parts.platform)).rejects.toMatchObject({ code: '42501' });
    const { rows } = await appliance.superuser.query<{ pid: number }>(
      'select pg_backend_pid() as pid',
    );
    const before = rows[0]?.pid;
    await expect(end(appliance.provisioning.platform)).resolves.toBeGreaterThan(0);
    const after = await appliance.superuser.query('select from pg_stat_activity where pid = $1', [
      before,
    ]);
    expect(after.rowCount).toBe(1);
    const later = appliance.provisioning.platform.db.inControl((tx) =>
      tx.query(`select casemate_rotation.end_sessions(now() + interval '1 hour')`),
    );
    await expect(later).rejects.toMatchObject({ code: '22023' });
  });
});
