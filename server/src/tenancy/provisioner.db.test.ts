import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { startAppliance, type TestAppliance } from '../../tests/test-appliance.ts';
import { newId, systemActor, tenantName, type Platform } from '../platform/index.ts';
import { readMigrations, type Migration } from './migrate/migrations.ts';
import { provisionTenant } from './provision-tenant.ts';
import { startProvisioner } from './provisioner.ts';
import { removeTenant } from './remove-tenant.ts';
import { takeUpHalfDone } from './take-up-half-done.ts';

const source = { requestId: 'test', actor: systemActor, ip: null, userAgent: null };

describe('the provisioner', () => {
  let appliance: TestAppliance;
  let parts: { readonly platform: Platform };
  let migrations: readonly Migration[];

  beforeAll(async () => {
    appliance = await startAppliance();
    parts = appliance.provisioning;
    migrations = await readMigrations(join(import.meta.dirname, '../../migrations/tenant'));
  });
  afterAll(async () => {
    await appliance.stop();
  });

  const insert = async (state: string, ago = '1 minute', purpose = 'tenant'): Promise<string> => {
    const id = newId();
    await appliance.superuser.query(
      `insert into control.tenants (id, name, language, state, purpose) values ($1, $1::uuid::text, 'en', $2, $3)`,
      [id, state, purpose],
    );
    await appliance.superuser.query(`alter table control.tenants disable trigger tell_change`);
    await appliance.superuser.query(
      `update control.tenants set changed_at = now() - $2::interval, created_at = now() - $2::interval where id = $1`,
      [id, ago],
    );
    await appliance.superuser.query(`alter table control.tenants enable trigger tell_change`);
    return id;
  };
  const stateOf = async (id: string): Promise<string | undefined> => {
    const { rows } = await appliance.superuser.query<{ state: string }>(
      'select state from control.tenants where id = $1',
      [id],
    );
    return rows[0]?.state;
  };
  const becomes = async (id: string, state: string): Promise<void> => {
    for (let tries = 0; tries < 400 && (await stateOf(id)) !== state; tries += 1)
      await new Promise((resolve) => setTimeout(resolve, 25));
    expect(await stateOf(id)).toBe(state);
  };
  const traces = async (id: string): Promise<string[]> => {
    const { rows } = await appliance.superuser.query<{ what: string }>(
      `select 'role' as what from pg_roles where rolname = $1
       union all select 'schema' from pg_namespace where nspname = $1`,
      [tenantName(id)],
    );
    return rows.map(({ what }) => what).sort();
  };
  const keyExists = (id: string): Promise<boolean> =>
    appliance.parts.platform.vault
      .read(`transit/keys/tenant-${id.replaceAll('-', '')}`)
      .then(() => true)
      .catch(() => false);
  const takeUp = (): Promise<number> =>
    parts.platform.db.inControl((tx) => takeUpHalfDone(tx, source));
  /** The parts with one that dies at its nth call, as a kill at that step would leave things. */
  const dyingAt = (n: number): Platform => {
    let calls = 0;
    const step =
      <A extends unknown[], R>(work: (...args: A) => Promise<R>) =>
      async (...args: A): Promise<R> => {
        calls += 1;
        if (calls === n) throw new Error('killed');
        return work(...args);
      };
    const { keys, vault, db } = parts.platform;
    return {
      ...parts.platform,
      keys: {
        ...keys,
        create: step(keys.create),
        wrapNew: step(keys.wrapNew),
        destroy: step(keys.destroy),
      },
      vault: { ...vault, write: step(vault.write) },
      db: {
        ...db,
        inControl: (work) =>
          db.inControl((tx) =>
            work({
              ...tx,
              query: step(tx.query),
              execute: step(tx.execute),
              script: step(tx.script),
            } as typeof tx),
          ),
      },
    };
  };

  it('a tenant whose making is cut off at any step is whole or absent, and whole after another run', async () => {
    let steps = 0;
    for (let n = 1; ; n += 1) {
      const id = await insert('provisioning');
      const run = provisionTenant({ platform: dyingAt(n), migrations, source }, id);
      const died = await run.then(
        () => false,
        () => true,
      );
      if (died) {
        expect([await traces(id), await stateOf(id)]).toEqual([[], 'provisioning']);
        await provisionTenant({ platform: parts.platform, migrations, source }, id);
        steps += 1;
      }
      expect([await traces(id), await stateOf(id)]).toEqual([['role', 'schema'], 'active']);
      if (!died) break;
    }
    expect(steps).toBeGreaterThan(10);
  });

  it('ENC-06: a tenant whose removal is cut off at any step stays closed, and is gone after another run', async () => {
    let steps = 0;
    for (let n = 1; ; n += 1) {
      const id = await insert('provisioning');
      await provisionTenant({ platform: parts.platform, migrations, source }, id);
      await appliance.superuser.query(
        `update control.tenants set state = 'dropping' where id = $1`,
        [id],
      );
      const died = await removeTenant({ platform: dyingAt(n), source }, id).then(
        () => false,
        () => true,
      );
      if (died) {
        expect(['dropping', 'dropped']).toContain(await stateOf(id));
        await expect(appliance.parts.openTenant(id, null)).rejects.toThrow('No such tenant');
        await removeTenant({ platform: parts.platform, source }, id);
        steps += 1;
      }
      expect([await traces(id), await stateOf(id), await keyExists(id)]).toEqual([
        [],
        'dropped',
        false,
      ]);
      if (!died) break;
    }
    expect(steps).toBeGreaterThan(3);
  });

  describe('the key of a tenant that is deleted while it is made', () => {
    /** Its making stands still at a step of the key service, until it is told to go on. */
    const standingAt = (step: 'create' | 'wrapNew') => {
      const reached = Promise.withResolvers<undefined>();
      const goOn = Promise.withResolvers<undefined>();
      const { keys } = parts.platform;
      const wait = async (): Promise<void> => {
        reached.resolve(undefined);
        await goOn.promise;
      };
      const platform: Platform = {
        ...parts.platform,
        keys: {
          ...keys,
          create: async (key) => {
            if (step === 'create') await wait();
            await keys.create(key);
          },
          wrapNew: async (place) => {
            if (step === 'wrapNew') await wait();
            return keys.wrapNew(place);
          },
        },
      };
      return { platform, reached: reached.promise, goOn: () => goOn.resolve(undefined) };
    };
    const remove = async (id: string): Promise<void> => {
      await appliance.superuser.query(
        `update control.tenants set state = 'dropping' where id = $1`,
        [id],
      );
      await removeTenant({ platform: parts.platform, source }, id);
    };

    it.each(['create', 'wrapNew'] as const)('ENC-06: does not outlive it, at %s', async (step) => {
      const id = await insert('provisioning');
      const { platform, reached, goOn } = standingAt(step);
      const making = provisionTenant({ platform, migrations, source }, id);
      await reached;
      await remove(id);
      goOn();
      await making.catch(() => undefined);
      expect([await stateOf(id), await keyExists(id)]).toEqual(['dropped', false]);
    });

    it('ENC-06: is swept when the maker was killed then, and no other key is', async () => {
      const own = await insert('provisioning');
      await provisionTenant({ platform: parts.platform, migrations, source }, own);
      // Who writes the table destroys nothing: the ledger of deletions does not name this one.
      const forged = await insert('provisioning');
      await provisionTenant({ platform: parts.platform, migrations, source }, forged);
      await appliance.superuser.query(
        `update control.tenants set state = 'dropped' where id = $1`,
        [forged],
      );
      const id = await insert('provisioning');
      const { platform, reached } = standingAt('create');
      // Nobody tells this one to go on: it is dead, and its last request was still on the way.
      void provisionTenant({ platform, migrations, source }, id);
      await reached;
      await remove(id);
      await parts.platform.keys.create(`tenant-${id.replaceAll('-', '')}`);
      const worker = await startProvisioner(parts.platform, migrations, 50);
      for (let tries = 0; tries < 100 && (await keyExists(id)); tries += 1)
        await new Promise((resolve) => setTimeout(resolve, 50));
      await worker.stop();
      expect(await keyExists(id)).toBe(false);
      expect([await keyExists(own), await keyExists(forged)]).toEqual([true, true]);
    });
  });

  it('takes up what is half done and has no job: it is built, or removed', async () => {
    const making = await insert('provisioning');
    const going = await insert('dropping');
    const fresh = await insert('provisioning', '0 seconds');
    const check = await insert('active', '2 hours', 'self_check');
    expect(await takeUp()).toBe(3);
    await becomes(making, 'active');
    await becomes(going, 'dropped');
    await becomes(check, 'dropped');
    expect(await stateOf(fresh)).toBe('provisioning');
  });

  it('leaves a tenant that waits for its key holder alone', async () => {
    const id = await insert('provisioning');
    await appliance.superuser.query(`alter table control.tenants disable trigger tell_change`);
    await appliance.superuser.query(
      `update control.tenants set tier = 'sealed', sealed_at = now(), seal_reason = 'new' where id = $1`,
      [id],
    );
    await appliance.superuser.query(`alter table control.tenants enable trigger tell_change`);
    expect(await takeUp()).toBe(0);
    await appliance.superuser.query('delete from control.tenants where id = $1', [id]);
  });

  it('a tenant whose workers died each time has failed, and can be tried again', async () => {
    const id = await insert('provisioning');
    await appliance.superuser.query(
      `insert into control.jobs (id, queue, kind, tenant_id, subject_id, state) values ($1, 'provision', 'tenant.create', $2, $2, 'failed')`,
      [newId(), id],
    );
    await takeUp();
    await becomes(id, 'failed');
  });

  it('a tenant goes to the first bucket with room, and its role to that login role alone', async () => {
    await appliance.superuser.query(
      `insert into control.tenants (id, name, language, state, bucket, proof_hash)
       select gen_random_uuid(), 'Full ' || n, 'en', 'active', 0, sha256(n::text::bytea) from generate_series(1, 1000) n`,
    );
    const id = await appliance.makeTenant();
    const { rows } = await appliance.superuser.query(
      `select member.rolname as login from pg_auth_members membership
       join pg_roles role on role.oid = membership.roleid join pg_roles member on member.oid = membership.member
       where role.rolname = $1 and member.rolname like 'casemate_server%'`,
      [tenantName(id)],
    );
    expect(rows).toEqual([{ login: 'casemate_server_1' }]);
    const scope = await appliance.parts.openTenant(id, null);
    expect(scope.bucket).toBe(1);
    const { db } = appliance.parts.platform;
    const own = db.readTenant(scope, (tx) => tx.query('select version from data_keys'));
    await expect(own).resolves.toEqual([{ version: 1 }]);
    // Another bucket's login role may not become this tenant's role at all.
    const wrong = db.readTenant({ ...scope, bucket: 0 }, (tx) => tx.query('select 1'));
    await expect(wrong).rejects.toThrow(/permission denied to set role/);
  });
});
