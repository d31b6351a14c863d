import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startAppliance, type TestAppliance } from '../../../tests/test-appliance.ts';
import { createLog } from '../log.ts';
import { createDatabase, type Database } from './create-database.ts';
import { SERVER_LOGIN } from './login-roles.ts';
import type { TenantScope, TenantTx } from './types.ts';

const PAUSES_MS = [0, 1, 2, 4, 8, 16];

/**
 * Without the guards' retries. A rejection that nobody handles would end the server; Jest fails the
 * test in which it happens.
 */
describe('a connection that is lost', () => {
  let appliance: TestAppliance;
  let db: Database;
  let scope: TenantScope;

  const passwordOf = async (login: string): Promise<string> => {
    const { vault } = appliance.parts.platform;
    const found = await vault.read(`casemate-database/static-creds/${login}`);
    return String(found['password']);
  };
  beforeAll(async () => {
    appliance = await startAppliance();
    const tenantId = await appliance.makeTenant();
    scope = await appliance.parts.openTenant(tenantId, null);
    db = await createDatabase({
      config: appliance.config,
      log: createLog({ level: 'error', fields: {} }),
      login: SERVER_LOGIN,
      credential: async (login) => ({ username: login, password: await passwordOf(login) }),
    });
  });
  afterAll(async () => {
    await db.close();
    await appliance.stop();
  });

  const kill = (pid: number): Promise<unknown> =>
    appliance.superuser.query('select pg_terminate_backend($1)', [pid]);
  const killAll = (): Promise<unknown> =>
    appliance.superuser.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and usename like 'casemate_server%'`,
    );
  const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
  const backendOf = async (tx: Pick<TenantTx, 'query'>): Promise<number> => {
    const [row] = await tx.query<{ pid: number }>('select pg_backend_pid() as pid');
    return row?.pid ?? 0;
  };
  /** Serves again, in the tenant's role, with nothing left of what was cut. */
  const expectSound = async (): Promise<void> => {
    // What lies idle in the pool may be dead and not yet known to be.
    await pause(50);
    const rows = await db.readTenant(scope, (tx) =>
      tx.query(`select current_user::text as role, current_setting('application_name') as name`),
    );
    expect(rows).toEqual([
      { role: `tenant_${scope.tenantId.replaceAll('-', '')}`, name: 'casemate' },
    ]);
  };
  const lost = /terminat|not queryable|ECONNRESET|EPIPE|closed/;

  it('rejects the statement that runs', async () => {
    const cut = db.inTenant(scope, async (tx) => {
      const pid = await backendOf(tx);
      setTimeout(() => void kill(pid), 50);
      await tx.query('select pg_sleep(30)');
    });
    await expect(cut).rejects.toThrow(lost);
    await expectSound();
  });

  it('rejects every statement of a pipeline, and the transaction', async () => {
    const outcomes: PromiseSettledResult<unknown>[] = [];
    const cut = db.inTenant(scope, async (tx) => {
      const pid = await backendOf(tx);
      const sent = ['select pg_sleep(30)', 'select 1', 'select 2'].map((text) => tx.query(text));
      await kill(pid);
      outcomes.push(...(await Promise.allSettled(sent)));
      await tx.query('select 3');
    });
    await expect(cut).rejects.toThrow(lost);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    await expectSound();
  });

  it('rejects what is sent long after it was lost', async () => {
    const cut = db.inTenant(scope, async (tx) => {
      await kill(await backendOf(tx));
      await pause(200);
      await tx.query('select 1');
    });
    await expect(cut).rejects.toThrow(lost);
    await expectSound();
  });

  it('rejects work that ends well: it was never committed', async () => {
    for (const ms of PAUSES_MS) {
      const cut = db.inTenant(scope, async (tx) => {
        await kill(await backendOf(tx));
        await pause(ms);
      });
      await expect(cut).rejects.toThrow(lost);
    }
    await expectSound();
  });

  it('RES-01: rejects with the fault of work that throws at once, and forgets nothing it had sent', async () => {
    const broken = (): never => {
      throw new Error('thrown before anything was awaited');
    };
    for (let round = 0; round < 5; round += 1) {
      await Promise.allSettled(Array.from({ length: 12 }, () => db.readTenant(scope, backendOf)));
      // The idle connections are dead; those who take one don't know yet.
      const dying = killAll();
      const cut = [
        ...Array.from({ length: 6 }, () => db.inTenant(scope, broken)),
        ...Array.from({ length: 6 }, () => db.readTenant(scope, broken)),
        ...Array.from({ length: 6 }, () => db.inControl(broken)),
      ];
      const outcomes = await Promise.allSettled(cut);
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toEqual([]);
      await dying;
    }
    await expectSound();
  });

  it('is thrown away while it is cleaned, and the answer that was committed stands', async () => {
    for (const ms of PAUSES_MS) {
      // The one before may have left a connection that is dead and not yet known to be.
      await pause(50);
      let pid = 0;
      const done = await db.inTenant(scope, async (tx) => {
        pid = await backendOf(tx);
        return 'committed';
      });
      await pause(ms);
      await kill(pid);
      expect(done).toBe('committed');
    }
    await expectSound();
  });

  it('RES-01: takes nobody else with it, whenever it happens', async () => {
    const until = performance.now() + 4_000;
    let served = 0;
    const serve = async (ask: () => Promise<unknown>): Promise<void> => {
      while (performance.now() < until) {
        await ask().then(
          () => (served += 1),
          (error: unknown) => expect(String(error)).toMatch(lost),
        );
        await pause(0);
      }
    };
    const several = (tx: Pick<TenantTx, 'query'>): Promise<unknown> =>
      Promise.all([1, 2, 3].map((n) => tx.query('select $1::integer', [n])));
    const reaper = async (): Promise<void> => {
      while (performance.now() < until) {
        await killAll();
        await pause(Math.random() * 25);
      }
    };
    await Promise.all([
      reaper(),
      ...Array.from({ length: 4 }, () => serve(() => db.inTenant(scope, several))),
      ...Array.from({ length: 4 }, () => serve(() => db.readTenant(scope, backendOf))),
      ...Array.from({ length: 2 }, () => serve(() => db.inControl(several))),
      ...Array.from({ length: 2 }, () => serve(() => db.readControl(backendOf))),
      serve(() => db.inAuditor(scope, several)),
    ]);
    expect(served).toBeGreaterThan(50);
    await expectSound();
  });

  it('lets no second statement out behind the one of a single round trip', async () => {
    let late: (() => Promise<unknown>) | undefined;
    const cut = db.readTenant(scope, async (tx) => {
      late = () => tx.query('select 1');
      await tx.query('select 1 / 0');
    });
    await expect(cut).rejects.toThrow('division by zero');
    // The connection is in other hands now: a COMMIT sent on it would be theirs.
    const role = await db.inTenant(scope, async (tx) => {
      await expect(late?.()).rejects.toThrow('readTenant takes one statement');
      const [after] = await tx.query<{ role: string }>('select current_user::text as role');
      return after?.role;
    });
    expect(role).toMatch(/^tenant_/);
  });

  it('ISO-05: nothing that a statement set for its session is left to the next of a hot path', async () => {
    await db.readControl((tx) => tx.query(`select set_config('search_path', 'pg_temp', false)`));
    const seen = new Set<string>();
    for (let turn = 0; turn < 10; turn += 1) {
      const [row] = await db.readControl((tx) =>
        tx.query<{ path: string }>(`select current_setting('search_path') as path`),
      );
      seen.add(row?.path ?? '');
      await pause(10);
    }
    expect([...seen].join()).not.toContain('pg_temp');
  });
});
