import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { startAppliance, type TestAppliance } from '../../../tests/test-appliance.ts';
import { createLog } from '../log.ts';
import { createDatabase, type Database } from './create-database.ts';
import { SERVER_LOGIN } from './login-roles.ts';

describe('listen', () => {
  let appliance: TestAppliance;
  let password: string;
  let stale: string | undefined;
  let renewals: number;
  let known: ReadonlySet<number>;
  const opened: Database[] = [];

  beforeAll(async () => {
    appliance = await startAppliance();
    const path = `casemate-database/static-creds/${SERVER_LOGIN}`;
    password = String((await appliance.parts.platform.vault.read(path))['password']);
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((db) => db.close()));
    stale = undefined;
  });
  afterAll(() => appliance.stop());

  /** The server's own connections; those that were there before are the appliance's. */
  const connections = async (): Promise<number[]> => {
    const { rows } = await appliance.superuser.query<{ pid: number }>(
      `select pid from pg_stat_activity where datname = current_database() and usename = $1`,
      [SERVER_LOGIN],
    );
    return rows.map(({ pid }) => pid);
  };
  const listeners = async (): Promise<number[]> =>
    (await connections()).filter((pid) => !known.has(pid));
  /** As the key service's passwords are read: kept, until somebody asks for a fresh one. */
  const open = async (): Promise<Database> => {
    renewals = 0;
    known = new Set(await connections());
    const db = await createDatabase({
      config: appliance.config,
      log: createLog({ level: 'error', fields: {} }),
      login: SERVER_LOGIN,
      credential: (login, fresh) => {
        if (fresh) {
          renewals += 1;
          stale = undefined;
        }
        return Promise.resolve({ username: login, password: stale ?? password });
      },
    });
    opened.push(db);
    return db;
  };
  const notify = (): Promise<unknown> =>
    appliance.superuser.query(`select pg_notify('casemate_test', 'a word')`);
  const until = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
    for (let tries = 0; tries < 800; tries += 1) {
      if (await holds()) return;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error('did not happen within 20 s');
  };
  const killListeners = async (): Promise<void> => {
    for (const pid of await listeners())
      await appliance.superuser.query('select pg_terminate_backend($1)', [pid]);
  };

  it('refuses what is no name of a channel', async () => {
    const db = await open();
    await expect(db.listen('a; select 1', () => undefined)).rejects.toThrow('bad channel name');
  });

  it('rejects when the first connection is refused, and leaves nothing that tries on', async () => {
    const db = await open();
    const right = password;
    password = 'wrong for good';
    await expect(db.listen('casemate_test', () => undefined)).rejects.toMatchObject({
      code: '28P01',
    });
    password = right;
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    expect(await listeners()).toEqual([]);
  });

  it('SEC-03: reads the password anew when it has rotated', async () => {
    const db = await open();
    stale = 'the one before';
    const words: string[] = [];
    const stop = await db.listen('casemate_test', (word) => words.push(word));
    expect(renewals).toBe(1);
    await notify();
    await until(() => words.length === 1);
    await stop();
  });

  it('hears again after its connection was lost, also with a password that has rotated', async () => {
    const db = await open();
    const words: string[] = [];
    const stop = await db.listen('casemate_test', (word) => words.push(word));
    expect(renewals).toBe(0);
    expect(await listeners()).toHaveLength(1);
    stale = 'the one before';
    await killListeners();
    await until(() => renewals === 1);
    await until(async () => (await listeners()).length === 1);
    // Its backend is there a moment before it listens.
    await until(async () => {
      await notify();
      return words.length > 0;
    });
    expect(await listeners()).toHaveLength(1);
    await stop();
  });

  it('ends without a word when its connection is lost at that moment, and does not come back', async () => {
    const db = await open();
    for (const ms of [0, 1, 5, 20]) {
      const stop = await db.listen('casemate_test', () => undefined);
      const dying = killListeners();
      await new Promise((resolve) => setTimeout(resolve, ms));
      await stop();
      await dying;
    }
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    expect(await listeners()).toEqual([]);
  });
});
