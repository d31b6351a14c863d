import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { startBreakableParts, type BreakableParts } from '../../tests/breakable-parts.ts';
import { partsInfo } from '../../tests/parts-info.ts';
import { startAppliance, type TestAppliance } from '../../tests/test-appliance.ts';
import { withClockOff } from '../../tests/with-clock-off.ts';
import { createAccessTokens, withdrawnKeys } from '../identity/index.ts';
import {
  databasePasswords,
  listSecrets,
  requestRotation,
  rotationChecks,
  signingKeys,
  withdrawOldVersions,
} from './index.ts';
import { queueDue, runNext } from './start-rotation.ts';
import type { Secret } from './secret.ts';

const order = () => ({ requestedAt: new Date(), compromised: false });
const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

describe('rotation', () => {
  let parts: BreakableParts;
  let appliance: TestAppliance;
  let provisioner: TestAppliance['provisioning'];
  let database: string;

  beforeAll(async () => {
    // Parts of its own: whoever shares them would be left with the passwords and keys of before.
    parts = await startBreakableParts();
    appliance = await startAppliance();
    database = appliance.config.CASEMATE_DATABASE_NAME;
    provisioner = appliance.provisioning;
  });
  afterAll(async () => {
    await appliance.stop();
    await parts.stop();
  });

  /** Repeats `work` in several lanes until `done` resolves. Resolves with the failures and the count. */
  const under = async (
    work: () => Promise<unknown>,
    done: Promise<void>,
    laneCount = 4,
  ): Promise<{ calls: number; failures: unknown[] }> => {
    let ended = false;
    let calls = 0;
    const failures: unknown[] = [];
    const lane = async (): Promise<void> => {
      while (!ended) {
        calls += 1;
        await work().catch(async (error: unknown) => {
          failures.push(error);
          await pause(50);
        });
      }
    };
    const lanes = Array.from({ length: laneCount }, lane);
    await done.finally(() => (ended = true));
    await Promise.all(lanes);
    return { calls, failures };
  };

  describe('of the key that signs access tokens', () => {
    const claims = { accountId: 'account', sessionId: 'session' };

    it('SES-01: the server that uses the key can neither rotate nor withdraw it', async () => {
      const { platform } = appliance.parts;
      await expect(signingKeys.rotate?.(platform, order())).rejects.toMatchObject({
        statusCode: 403,
      });
      const config = { min_decryption_version: 1 };
      await expect(
        platform.vault.write('transit/keys/token-signing/config', config),
      ).rejects.toMatchObject({ statusCode: 403 });
    });

    it('SEC-03: who rotates the key can neither sign with it nor make it exportable', async () => {
      const { vault } = provisioner.platform;
      const input = Buffer.from('x').toString('base64');
      await expect(vault.write('transit/sign/token-signing', { input })).rejects.toMatchObject({
        statusCode: 403,
      });
      for (const body of [{ exportable: true }, { deletion_allowed: true }])
        await expect(vault.write('transit/keys/token-signing/config', body)).rejects.toMatchObject({
          statusCode: 403,
        });
    });

    it('SES-01 SEC-03: ten rotations under load fail no request, and old tokens are refused afterwards', async () => {
      // The shipped times in miniature: 0.3 s published, keys read every 0.15 s, withdrawn after 1 s.
      const { db, vault } = appliance.parts.platform;
      const withdrawn = () => db.readControl(withdrawnKeys);
      const times = { publishedFirstMs: 300, keepKeysMs: 150 };
      const tokens = createAccessTokens(vault, { ...times, withdrawn });
      const { accessToken: first } = await tokens.issue(claims);
      const before = (await tokens.keySet()).keys.map(({ kid }) => kid);
      const rotations = async (): Promise<void> => {
        for (let count = 0; count < 10; count += 1) {
          await signingKeys.rotate?.(provisioner.platform, order());
          await pause(350);
          await withdrawOldVersions(provisioner.platform, new Date(), 1_000);
        }
        await pause(1_000);
        await withdrawOldVersions(provisioner.platform, new Date(), 1_000);
        await pause(400);
      };
      const work = async (): Promise<void> => {
        const { accessToken } = await tokens.issue(claims);
        expect(await tokens.verify(accessToken)).toMatchObject(claims);
      };
      const { calls, failures } = await under(work, rotations());
      expect(failures).toEqual([]);
      expect(calls).toBeGreaterThan(10);
      await tokens.refreshKeys();
      const after = (await tokens.keySet()).keys.map(({ kid }) => kid);
      expect(after).toHaveLength(1);
      expect(before).not.toContain(after[0]);
      await expect(tokens.verify(first)).rejects.toMatchObject({ code: 'unauthenticated' });
    });

    it('SES-01: after a theft the old version is withdrawn at once, and sign-in goes on', async () => {
      const { tokens } = appliance.parts.identity;
      const { accessToken } = await tokens.issue(claims);
      await signingKeys.rotate?.(provisioner.platform, { ...order(), compromised: true });
      const next = await tokens.issue(claims);
      await expect(tokens.verify(next.accessToken)).resolves.toMatchObject(claims);
      await expect(tokens.verify(accessToken)).rejects.toMatchObject({ code: 'unauthenticated' });
    });
  });

  describe('of the passwords of the database', () => {
    const passwordOf = async (login: string): Promise<string> => {
      const { vault } = appliance.parts.platform;
      const { password } = await vault.read(`casemate-database/static-creds/${login}`);
      return String(password);
    };
    const signIn = async (user: string, password: string): Promise<void> => {
      const { socketDir: host, port } = partsInfo();
      const client = new pg.Client({ host, port, user, password, database });
      await client.connect();
      await client.end();
    };

    /** As the scheduler does it: what was done before a failure is not done again. */
    const untilDone = async (wish: ReturnType<typeof order>, tries = 5): Promise<void> => {
      await databasePasswords.rotate?.(provisioner.platform, wish).catch((error: unknown) => {
        if (tries === 0) throw error;
        return untilDone(wish, tries - 1);
      });
    };

    it('ENC-07: no program reads the password of another, and none sets one itself', async () => {
      const { vault } = appliance.parts.platform;
      for (const login of ['casemate_provisioner', 'casemate_migrator'])
        await expect(vault.read(`casemate-database/static-creds/${login}`)).rejects.toMatchObject({
          statusCode: 403,
        });
      for (const path of ['rotate-role/casemate_server', 'rotate-root/casemate'])
        await expect(vault.write(`casemate-database/${path}`, {})).rejects.toMatchObject({
          statusCode: 403,
        });
      const set = provisioner.platform.db.inControl((tx) =>
        tx.query(`select casemate_rotation.set_password('casemate_server', 'x')`),
      );
      await expect(set).rejects.toMatchObject({ code: '42501' });
    });

    it('ENC-07 SEC-03: what the engine may call sets no other account, and takes no plain password', async () => {
      const call = (account: string, verifier: string): Promise<unknown> =>
        appliance.superuser.query('select casemate_rotation.set_password($1, $2)', [
          account,
          verifier,
        ]);
      const verifier = `SCRAM-SHA-256$4096:${'a'.repeat(24)}$${'b'.repeat(44)}:${'c'.repeat(44)}`;
      for (const account of [
        'postgres',
        'casemate_rotator',
        'casemate_auditor',
        'casemate_server_0"',
      ])
        await expect(call(account, verifier)).rejects.toMatchObject({ code: '42501' });
      await expect(call('casemate_migrator', 'plain')).rejects.toMatchObject({ code: '22023' });
    });

    it('SEC-03: ten rotations under load fail no request, and the old password is refused', async () => {
      const old = await passwordOf('casemate_server');
      await expect(signIn('casemate_server', old)).resolves.toBeUndefined();
      const { platform, openTenant } = appliance.parts;
      const { db } = platform;
      const scope = await openTenant(await appliance.makeTenant(), null);
      // One after another, and each connection is cut behind its request: the next one signs in anew.
      const work = async (): Promise<void> => {
        await db.inControl((tx) => tx.query('select 1'));
        await db.inTenant(scope, (tx) => tx.query('select 1'));
        await appliance.superuser.query(
          `select pg_terminate_backend(pid, 5000) from pg_stat_activity
           where datname = $1 and usename like 'casemate_server%'`,
          [database],
        );
        await pause(50);
      };
      const rotations = async (): Promise<void> => {
        for (let count = 0; count < 10; count += 1) {
          await untilDone(order());
          await pause(200);
        }
      };
      const { calls, failures } = await under(work, rotations(), 1);
      expect(failures).toEqual([]);
      expect(calls).toBeGreaterThan(10);
      await expect(signIn('casemate_server', old)).rejects.toMatchObject({ code: '28P01' });
      await expect(
        signIn('casemate_server', await passwordOf('casemate_server')),
      ).resolves.toBeUndefined();
    });
  });

  describe('by the scheduler', () => {
    let made: number;
    let madeAt: Date;
    let failing: number;
    const fake: Secret = {
      name: 'test-secret',
      title: 'A secret of this test',
      kind: 'credential',
      periodDays: 90,
      rotatedBy: 'appliance',
      how: 'It counts.',
      read: () => Promise.resolve({ count: 1, madeAt }),
      rotate: async () => {
        await pause(50);
        if (failing > 0) {
          failing -= 1;
          throw new Error('the store is away');
        }
        made += 1;
        madeAt = new Date();
      },
    };
    const options = () => ({ platform: provisioner.platform, secrets: [fake] });
    const rows = async (): Promise<{ state: string; attempt: number }[]> => {
      const { rows: found } = await appliance.superuser.query<{ state: string; attempt: number }>(
        `select state, attempt from control.rotations where secret = 'test-secret'`,
      );
      return found;
    };

    beforeEach(async () => {
      made = 0;
      failing = 0;
      madeAt = new Date(Date.now() - 91 * 86_400_000);
      await appliance.superuser.query('delete from control.rotations');
    });

    it('SEC-03: queues only what is due', async () => {
      madeAt = new Date(Date.now() - 89 * 86_400_000);
      await queueDue(options());
      expect(await rows()).toEqual([]);
    });

    it.each([-1, 1])(
      'SEC-03: the clock of a process that is off by %i h changes nothing',
      async (hours) => {
        const [halfAnHour, due] = [1_800_000, Date.now() - 90 * 86_400_000];
        const queued = async (at: number): Promise<number> => {
          madeAt = new Date(at);
          await withClockOff(hours, () => queueDue(options()));
          return (await rows()).length;
        };
        expect(await queued(due + halfAnHour)).toBe(0);
        expect(await queued(due - halfAnHour)).toBe(1);
        await withClockOff(hours, async () => expect(await runNext(options())).toBe(true));
        expect(await rows()).toEqual([{ state: 'done', attempt: 1 }]);
        // One that failed waits by the database's clock, too.
        failing = 1;
        await appliance.superuser.query('delete from control.rotations');
        expect(await queued(due - halfAnHour)).toBe(1);
        await withClockOff(hours, async () => {
          expect(await runNext(options())).toBe(true);
          expect(await runNext(options())).toBe(false);
        });
      },
    );

    it('SES-01, SEC-03: a database an hour ahead of the key service withdraws no version in use', async () => {
      const { platform } = provisioner;
      const versions = async (): Promise<number> =>
        (await signingKeys.read(provisioner.platform)).count;
      await signingKeys.rotate?.(provisioner.platform, order());
      const before = await versions();
      expect(before).toBeGreaterThan(1);
      for (const hours of [-1, 0, 1])
        await withdrawOldVersions(platform, new Date(Date.now() + hours * 3_600_000));
      expect(await versions()).toBe(before);
      await withdrawOldVersions(platform, new Date(Date.now() + 3 * 3_600_000));
      expect(await versions()).toBe(1);
    });

    it('SEC-03: of many processes that look at once, one rotates what is due, once', async () => {
      await Promise.all(Array.from({ length: 4 }, () => queueDue(options())));
      const ran = await Promise.all(Array.from({ length: 4 }, () => runNext(options())));
      expect(ran.filter(Boolean)).toHaveLength(1);
      expect(made).toBe(1);
      await queueDue(options());
      expect(await rows()).toEqual([{ state: 'done', attempt: 1 }]);
    });

    it('SEC-03: one that another process is taking at this moment is passed over', async () => {
      await queueDue(options());
      const other = await appliance.superuser.connect();
      try {
        await other.query('begin');
        await other.query('select id from control.rotations for update');
        const late = pause(3_000).then(() => 'it waited for the other');
        expect(await Promise.race([runNext(options()), late])).toBe(false);
      } finally {
        await other.query('rollback');
        other.release();
      }
      expect(await runNext(options())).toBe(true);
    });

    it('SEC-03: a rotation whose process died is taken up by another', async () => {
      await queueDue(options());
      await appliance.superuser.query(
        `update control.rotations set state = 'running', attempt = 1, lease_until = now() - interval '1 s'`,
      );
      expect(await runNext(options())).toBe(true);
      expect(await rows()).toEqual([{ state: 'done', attempt: 2 }]);
    });

    it('SEC-03: one that fails is tried again later, and given up after five times', async () => {
      failing = 9;
      await queueDue(options());
      for (let attempt = 1; attempt <= 5; attempt += 1) {
        expect(await runNext(options())).toBe(true);
        expect(await runNext(options())).toBe(false);
        await appliance.superuser.query(
          `update control.rotations set run_at = now() where state = 'queued'`,
        );
      }
      expect(await rows()).toEqual([{ state: 'failed', attempt: 5 }]);
    });
  });

  describe('as the inventory tells it', () => {
    const aged = (days: number, more: Partial<Secret> = {}): Secret => ({
      name: 'aged',
      title: 'A secret of a certain age',
      kind: 'credential',
      periodDays: 90,
      rotatedBy: 'appliance',
      how: 'Not at all.',
      read: () => Promise.resolve({ count: 1, madeAt: new Date(Date.now() - days * 86_400_000) }),
      ...more,
    });
    const verdict = async (secret: Secret): Promise<string | undefined> => {
      const [check] = rotationChecks([signingKeys, databasePasswords, secret]);
      return (await check?.run(appliance.contextOf(null, null)))?.status;
    };

    it('SEC-03: the live check fails for what is overdue or of unknown age, and passes otherwise', async () => {
      expect(await verdict(aged(93))).toBe('fail');
      const away = { read: () => Promise.reject(new Error('away')) };
      expect(await verdict(aged(1, away))).toBe('fail');
      expect(await verdict(aged(1))).toBe('pass');
    });

    it('SEC-03: dates come from the stores, and no answer holds a secret', async () => {
      const entries = await listSecrets(appliance.contextOf(null, null), [
        signingKeys,
        databasePasswords,
      ]);
      expect(entries.map(({ reading }) => reading.count)).toEqual([expect.any(Number), 19]);
      for (const { reading, nextAt } of entries) {
        expect(Date.now() - (reading.madeAt?.getTime() ?? 0)).toBeLessThan(600_000);
        expect((nextAt?.getTime() ?? 0) - Date.now()).toBeGreaterThan(89 * 86_400_000);
      }
      const { password } = await appliance.parts.platform.vault.read(
        'casemate-database/static-creds/casemate_server',
      );
      expect(JSON.stringify(entries)).not.toContain(password);
    });

    it('SEC-03: what only the host can rotate is refused, and a second request while one runs', async () => {
      const ctx = appliance.contextOf(null, null);
      const refused = requestRotation(ctx, [aged(1)], { name: 'aged', compromised: false });
      await expect(refused).rejects.toMatchObject({ code: 'not_allowed_now' });
      const secrets = [aged(1, { rotate: () => Promise.resolve() })];
      const wish = { name: 'aged', compromised: false };
      await expect(requestRotation(ctx, secrets, wish)).resolves.toMatchObject({ state: 'queued' });
      await expect(requestRotation(ctx, secrets, wish)).rejects.toMatchObject({
        code: 'not_allowed_now',
      });
      const unknown = requestRotation(ctx, secrets, { name: 'other', compromised: false });
      await expect(unknown).rejects.toMatchObject({ code: 'not_found' });
    });
  });
});
