import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startAppliance, type TestAppliance } from '../../tests/test-appliance.ts';
import { createLog, notify, tenantName, type TenantScope } from '../platform/index.ts';
import { createTenantChanges } from './tenant-changes.ts';

const ROLES = [null, 'none', 'casemate_auditor', 'casemate_rekeyer'];
const FLOOD = 20_000;

describe('SQL that was injected into the transaction of a tenant', () => {
  let appliance: TestAppliance;
  let a: string;
  let b: string;

  beforeAll(async () => {
    appliance = await startAppliance();
    [a, b] = await Promise.all([appliance.makeTenant('A'), appliance.makeTenant('B')]);
    await appliance.superuser.query(`analyze "${tenantName(b)}".data_keys`);
  });
  afterAll(() => appliance.stop());

  const scopeOf = (tenantId: string): Promise<TenantScope> =>
    appliance.parts.openTenant(tenantId, null);
  const codeOf = async (scope: TenantScope, role: string | null, text: string): Promise<string> => {
    try {
      await appliance.parts.platform.db.inTenant(scope, async (tx) => {
        await tx.query(`select set_config('lock_timeout', '300ms', true)`);
        if (role !== null) await tx.query(`select set_config('role', $1, true)`, [role]);
        await tx.query(text);
      });
      return 'let in';
    } catch (error) {
      return String((error as { code?: string }).code);
    }
  };

  it('ISO-12: takes no lock by a number, looks at no session and counts no pages of others', async () => {
    const scope = await scopeOf(a);
    const table = `'"${tenantName(b)}".data_keys'::regclass`;
    for (const role of ROLES)
      for (const call of [
        'pg_advisory_xact_lock(4201)',
        'pg_advisory_xact_lock_shared(1, 2)',
        `pg_try_advisory_xact_lock(hashtextextended('knowledge:${b}', 0))`,
        'pg_try_advisory_xact_lock_shared(4203)',
        'pg_lock_status()',
        'pg_blocking_pids(pg_backend_pid())',
        'pg_stat_get_backend_idset()',
        `(select c.oid from pg_class c where c.relname = 'data_keys'
          and pg_stat_get_live_tuples(c.oid) > 0 limit 1)`,
        `pg_stat_get_tuples_inserted((select c.oid from pg_class c where c.relname = 'data_keys'
          and c.relnamespace::regnamespace::text = '${tenantName(b)}'))`,
        `pg_database_size(current_database())`,
      ])
        expect([role, call, await codeOf(scope, role, `select ${call}`)]).toEqual([
          role,
          call,
          '42501',
        ]);
    for (const name of ['relation', 'table', 'total_relation', 'indexes'])
      expect(await codeOf(scope, 'none', `select pg_${name}_size(${table})`)).toBe('42501');
    const { rows } = await appliance.superuser.query<{ bytes: string }>(
      `select pg_total_relation_size(${table}) as bytes`,
    );
    expect(Number(rows[0]?.bytes)).toBeGreaterThan(0);
  });

  it('ISO-12: reads no estimate of how much a table of others holds; whoever looks after it does', async () => {
    const scope = await scopeOf(a);
    const of = `from pg_class class where class.relname = 'data_keys'
      and class.relnamespace = '${tenantName(b)}'::regnamespace`;
    for (const role of ROLES)
      for (const column of ['reltuples', 'relpages', 'relallvisible', 'class.*'])
        expect(await codeOf(scope, role, `select ${column} ${of}`)).toBe('42501');
    expect(await codeOf(scope, null, `select class.oid, class.relname ${of}`)).toBe('let in');
    const client = await appliance.superuser.connect();
    try {
      for (const role of ['casemate_migrator', 'pg_monitor']) {
        await client.query(`set role ${role}`);
        const { rows } = await client.query(`select class.reltuples ${of}`);
        expect(rows).toEqual([{ reltuples: 1 }]);
      }
    } finally {
      await client.query('reset role');
      client.release();
    }
  });

  it('ISO-12: a tenant locks for itself alone, whatever role and proof are mixed', async () => {
    const { db } = appliance.parts.platform;
    const [ofA, ofB] = await Promise.all([scopeOf(a), scopeOf(b)]);
    const lock = 'select control.lock_counts()';
    // A's proof with B's role, as injected SQL would have it.
    const mixed = { ...ofA, tenantId: b };
    for (const holder of [ofA, mixed])
      await db.inTenant(holder, async (tx) => {
        await tx.query(lock);
        expect(await codeOf(ofB, null, lock)).toBe('let in');
        // Waited for in vain, and tried again by the guard of the database.
        expect(await codeOf(ofA, null, lock)).toBe('unavailable');
      });
    await db.inTenant(ofA, async (tx) => {
      await tx.query(`select set_config('casemate.proof', '', true)`);
      await tx.query(lock);
      await tx.query(`select set_config('casemate.proof', $1, true)`, [ofA.proof]);
      expect(await codeOf(ofA, null, lock)).toBe('let in');
    });
    await db.inAuditor(ofA, async (tx) => {
      const sequencing = 'select control.try_lock_log() as locked';
      expect(await tx.query(sequencing)).toEqual([{ locked: true }]);
      expect(await db.inAuditor(await scopeOf(a), (other) => other.query(sequencing))).toEqual([
        { locked: false },
      ]);
      expect(await db.inAuditor(ofB, (other) => other.query(sequencing))).toEqual([
        { locked: true },
      ]);
    });
    expect(await codeOf(ofA, null, 'select control.try_lock_log()')).toBe('42501');
  });

  it('ISO-12: says of another tenant what it likes, and is not believed', async () => {
    const { db } = appliance.parts.platform;
    const told: string[] = [];
    const changes = createTenantChanges(
      db,
      createLog({ level: 'error', fields: {}, stream: process.stderr }),
    );
    changes.onTenantChange(({ tenantId, state }) => void told.push(`${tenantId} ${state}`));
    const stop = await changes.start();
    const signal = changes.closing(b);
    try {
      await db.inTenant(await scopeOf(a), async (tx) => {
        for (const payload of [
          b,
          `${b} suspended`,
          `'; drop schema control; --`,
          '',
          'x'.repeat(7_000),
        ])
          await tx.query('select pg_notify($1, $2)', ['casemate_tenants', payload]);
      });
      await sleep(300);
      expect(signal.aborted).toBe(false);
      expect(told.filter((one) => !one.endsWith(' active'))).toEqual([]);
      // What did happen is heard all the same.
      await appliance.superuser.query(
        `update control.tenants set state = 'suspended' where id = $1`,
        [b],
      );
      for (let waits = 0; waits < 40 && !signal.aborted; waits += 1) await sleep(25);
      expect(signal.aborted).toBe(true);
      expect(told).toContain(`${b} suspended`);
    } finally {
      await appliance.superuser.query(`update control.tenants set state = 'active' where id = $1`, [
        b,
      ]);
      await stop();
    }
  });

  it('ISO-12: a flood of notifications keeps no other tenant from telling and hearing', async () => {
    const { db } = appliance.parts.platform;
    const [ofA, ofB] = await Promise.all([scopeOf(a), scopeOf(b)]);
    const heard = new Set<string>();
    const stop = await db.listen('casemate_chat', (payload) => heard.add(payload));
    try {
      let flooding = true;
      const flood = db
        .inTenant(ofA, (tx) =>
          tx.query(
            `select count(pg_notify('casemate_chat', repeat('x', 4000) || n)) from generate_series(1, $1) n`,
            [FLOOD],
          ),
        )
        .finally(() => {
          flooding = false;
        });
      let slowest = 0;
      for (let n = 0; flooding || n < 20; n += 1) {
        const since = performance.now();
        await db.inTenant(ofB, (tx) => notify(tx, 'casemate_chat', `more:${b}:${n}`));
        while (!heard.has(`more:${b}:${n}`)) await sleep(5);
        slowest = Math.max(slowest, performance.now() - since);
      }
      await flood;
      if (process.env['CASEMATE_SHOW'] !== undefined)
        process.stderr.write(`slowest word of B: ${slowest.toFixed(0)} ms\n`);
      expect(slowest).toBeLessThan(5_000);
      const { rows } = await appliance.superuser.query<{ used: number }>(
        'select pg_notification_queue_usage() as used',
      );
      expect(rows[0]?.used).toBeLessThan(0.02);
    } finally {
      await stop();
    }
  }, 60_000);
});
