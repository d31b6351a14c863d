import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runIsolation, type IsolationProcess } from '../../tests/run-isolation.ts';
import { startScriptedModel, type ScriptedModel } from '../../tests/scripted-model.ts';
import { startAppliance, type TestAppliance } from '../../tests/test-appliance.ts';
import { startServer, type TestServer } from '../../tests/test-server.ts';
import { makingContext, sweepRuns } from '../isolation/index.ts';
import { newId, tenantName, type Config } from '../platform/index.ts';
import { createTenant } from '../tenancy/index.ts';

/** What a run made, wherever the appliance keeps something of it. */
type Left = {
  tenants: number;
  accounts: number;
  sessions: number;
  roles: number;
  keys: number;
  folders: number;
};
const NOTHING: Left = { tenants: 0, accounts: 0, sessions: 0, roles: 0, keys: 0, folders: 0 };

/** An isolation test whose process is ended with SIGKILL while its canaries are there. */
describe('an isolation test that is killed', () => {
  let appliance: TestAppliance;
  let server: TestServer;
  let model: ScriptedModel;
  let config: Config;
  let own: string;

  beforeAll(async () => {
    model = await startScriptedModel();
    model.answer(['The access code ', { wait: 20_000 }, 'is in the house rules [1].']);
    appliance = await startAppliance({ CASEMATE_OLLAMA_URL: model.url });
    server = await startServer(appliance.config);
    config = { ...appliance.config, CASEMATE_HTTPS_PORT: server.port };
    own = await appliance.makeTenant('A tenant of people');
    await appliance.makePerson({ [own]: 'admin' });
  });
  afterAll(async () => {
    await server.stop();
    await appliance.stop();
    await model.stop();
  });

  const rowsOf = async <R extends object>(text: string, values: unknown[] = []): Promise<R[]> =>
    (await appliance.superuser.query<R>(text, values)).rows;
  const until = async (holds: () => Promise<boolean>): Promise<void> => {
    for (let tries = 0; tries < 600; tries += 1) {
      if (await holds()) return;
      await pause(50);
    }
    throw new Error('did not happen within half a minute');
  };
  const notedIn = async (runId: string): Promise<string[]> => {
    const rows = await rowsOf<{ id: string }>(
      `select id from control.isolation_canaries where run_id = $1`,
      [runId],
    );
    return rows.map(({ id }) => id);
  };
  const leftOf = async (runId: string): Promise<Left> => {
    const ids = await notedIn(runId);
    const names: string[] = ids.map(tenantName);
    const [counts] = await rowsOf<Pick<Left, 'tenants' | 'accounts' | 'sessions' | 'roles'>>(
      `select
         (select count(*) from control.tenants where id = any($1) and state <> 'dropped')::integer
           as tenants,
         (select count(*) from control.accounts where id = any($1))::integer as accounts,
         (select count(*) from control.sessions where account_id = any($1))::integer as sessions,
         ((select count(*) from pg_roles where rolname = any($2))
          + (select count(*) from pg_namespace where nspname = any($2)))::integer as roles`,
      [ids, names],
    );
    if (!counts) throw new Error('nothing was counted');
    const keys = await appliance.provisioning.platform.keys.listKeys();
    const wanted = ids.map((id) => `tenant-${id.replaceAll('-', '')}`);
    const folders = readdirSync(join(config.CASEMATE_DATA_DIR, 'uploads'));
    return {
      ...counts,
      keys: keys.filter((key) => wanted.includes(key)).length,
      folders: folders.filter((folder) => names.includes(folder)).length,
    };
  };
  /** Begins a test and kills it as soon as it has come that far. */
  const killAt = async (step: string): Promise<string> => {
    const test: IsolationProcess = runIsolation(config, ['files', 'keys', 'tables']);
    try {
      let id = '';
      await until(async () => {
        const rows = await rowsOf<{ id: string }>(
          `select id from control.isolation_runs where state = 'running' and step = $1`,
          [step],
        );
        id = rows[0]?.id ?? '';
        return id !== '' && (await notedIn(id)).length > 1;
      });
      return id;
    } finally {
      await test.kill();
    }
  };
  /** As if its minute had passed. */
  const fallSilent = (runId: string): Promise<unknown> =>
    rowsOf(`update control.isolation_runs set beat_at = now() - interval '61 s' where id = $1`, [
      runId,
    ]);

  it('ISO-09: a test that may still live is neither swept nor joined by a second one', async () => {
    const runId = await killAt('tables');
    const there = await leftOf(runId);
    for (const count of Object.values(there)) expect(count).toBeGreaterThan(0);
    await sweepRuns(appliance.contextOf(null, null));
    expect(await leftOf(runId)).toEqual(there);
    await expect(runIsolation(config, ['keys']).report).rejects.toThrow('ended with 1');
    await fallSilent(runId);
  });

  it('ISO-09: the next test removes all that the killed one made, and nothing else', async () => {
    const [killed] = await rowsOf<{ id: string }>('select id from control.isolation_runs');
    const report = await runIsolation(config, ['keys']).report;
    expect([report.leaks, report.not_shown]).toEqual([[], []]);
    const runs = await rowsOf<{ id: string; state: string }>(
      'select id, state from control.isolation_runs order by started_at',
    );
    expect(runs.map(({ state }) => state)).toEqual(['abandoned', 'done']);
    for (const { id } of runs)
      await until(async () => {
        const left = await leftOf(id);
        return Object.values(left).every((count) => count === 0);
      }).finally(async () => expect(await leftOf(id)).toEqual(NOTHING));
    expect(runs[0]?.id).toBe(killed?.id);
    expect(await rowsOf('select state from control.tenants where id = $1', [own])).toEqual([
      { state: 'active' },
    ]);
    expect(
      await rowsOf('select from control.memberships where tenant_id = $1', [own]),
    ).toHaveLength(1);
  });

  it('ISO-09: what is killed while its tenants are made is swept without another test', async () => {
    const runId = await killAt('making two tenants');
    await fallSilent(runId);
    await until(async () => {
      await sweepRuns(appliance.contextOf(null, null));
      const left = await leftOf(runId);
      return Object.values(left).every((count) => count === 0);
    }).finally(async () => expect(await leftOf(runId)).toEqual(NOTHING));
  });

  it('ISO-09: a test that stands still is not swept while its process lives, and ends well', async () => {
    const test = runIsolation(config, ['files', 'keys', 'tables']);
    let runId = '';
    await until(async () => {
      const rows = await rowsOf<{ id: string }>(
        `select id from control.isolation_runs where state = 'running' and step = 'tables'`,
      );
      runId = rows[0]?.id ?? '';
      return runId !== '';
    });
    test.pause();
    try {
      const there = await leftOf(runId);
      await fallSilent(runId);
      await sweepRuns(appliance.contextOf(null, null));
      // Another process sweeps before it begins, and is refused.
      await expect(runIsolation(config, ['keys']).report).rejects.toThrow('ended with 1');
      expect(await leftOf(runId)).toEqual(there);
      expect(
        await rowsOf('select state from control.isolation_runs where id = $1', [runId]),
      ).toEqual([{ state: 'running' }]);
    } finally {
      test.resume();
    }
    const report = await test.report;
    expect([report.leaks, report.not_shown]).toEqual([[], []]);
  });

  it('ISO-09: what was noted and then swept can never be made; a test that goes on makes its own', async () => {
    const ctx = appliance.contextOf(null, null);
    const begin = async (): Promise<string> => {
      const runId = newId();
      await rowsOf(
        `insert into control.isolation_runs (id, version, origin) values ($1, '0', 'test')`,
        [runId],
      );
      return runId;
    };
    const note = async (runId: string): Promise<string> => {
      const id = newId();
      await rowsOf(
        `insert into control.isolation_canaries (id, run_id, kind) values ($1, $2, 'tenant')`,
        [id, runId],
      );
      return id;
    };
    const make = (id: string): Promise<unknown> =>
      createTenant(makingContext(ctx, id), {
        id,
        name: `Canary ${id}`,
        language: 'en',
        purpose: 'self_check',
      });
    const lost = await begin();
    const never = await note(lost);
    await fallSilent(lost);
    await sweepRuns(ctx);
    await expect(make(never)).rejects.toThrow('given up');
    expect(await rowsOf('select from control.tenants where id = $1', [never])).toEqual([]);
    const alive = await begin();
    const own = await note(alive);
    await make(own);
    expect(await rowsOf('select from control.tenants where id = $1', [own])).toHaveLength(1);
    await fallSilent(alive);
    await until(async () => {
      await sweepRuns(ctx);
      return Object.values(await leftOf(alive)).every((count) => count === 0);
    });
  });
});
