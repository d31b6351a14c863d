import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startAppliance, type TestAppliance } from '../../tests/test-appliance.ts';
import { record } from '../audit/index.ts';
import { tenantName, type TenantScope } from '../platform/index.ts';

describe('a tenant transaction', () => {
  let appliance: TestAppliance;
  let a: string;
  let b: string;

  beforeAll(async () => {
    appliance = await startAppliance();
    [a, b] = await Promise.all([appliance.makeTenant('A'), appliance.makeTenant('B')]);
  });
  afterAll(() => appliance.stop());

  const scopeOf = (tenantId: string): Promise<TenantScope> =>
    appliance.parts.openTenant(tenantId, null);
  const countKeys = (scope: TenantScope, schema: string): Promise<string | undefined> =>
    appliance.parts.platform.db.inTenant(scope, async (tx) => {
      const rows = await tx.query<{ count: string }>(
        `select count(*) from "${tenantName(schema)}".data_keys`,
      );
      return rows[0]?.count;
    });

  it('ISO-02: the login role itself reads no tenant schema', async () => {
    const read = appliance.parts.platform.db.readControl((tx) =>
      tx.query(`select * from "${tenantName(a)}".data_keys`),
    );
    await expect(read).rejects.toThrow(/permission denied for schema/);
  });

  it("ISO-02: a tenant's role does not reach another schema; its twin reads its own", async () => {
    await expect(countKeys(await scopeOf(a), b)).rejects.toThrow(/permission denied for schema/);
    await expect(countKeys(await scopeOf(a), a)).resolves.toBe('1');
  });

  it("ISO-03: with another tenant's role but one's own proof, row security alone lets nothing out", async () => {
    const mixed = { ...(await scopeOf(a)), tenantId: b };
    await expect(countKeys(mixed, b)).resolves.toBe('0');
    await expect(countKeys(await scopeOf(b), b)).resolves.toBe('1');
  });

  it('ISO-03: injected SQL that changes role and schema in mid-transaction finds no rows', async () => {
    const found = await appliance.parts.platform.db.inTenant(await scopeOf(a), async (tx) => {
      await tx.query(`select set_config('role', $1, true)`, [tenantName(b)]);
      return tx.query(`select * from "${tenantName(b)}".data_keys`);
    });
    expect(found).toEqual([]);
  });

  it("ISO-12: one injected SELECT can neither see another tenant's proof nor run a text as a query", async () => {
    const { db } = appliance.parts.platform;
    const scope = await scopeOf(a);
    const activity = `select act.query from (select set_config('role', 'none', true) as r offset 0) x,
      lateral pg_stat_get_activity(case when x.r is null then 0 else null::int end) act`;
    const dynamic = `select s.word from (select set_config('role', 'none', true) as r offset 0) x,
      lateral ts_stat(case when x.r is null then '' else 'select array_to_tsvector(array[email]) from control.accounts' end) s`;
    // It reads nothing that is forbidden, so that the function alone is what refuses it.
    const plain = `select word from ts_stat('select array_to_tsvector(array[''x''])')`;
    const xml = `select query_to_xml('select 1', true, true, '')`;
    for (const text of [activity, dynamic, plain, xml])
      await expect(db.inTenant(scope, (tx) => tx.query(text))).rejects.toThrow(
        /permission denied|not supported/,
      );
    const { rows } = await appliance.superuser.query<{ query: string }>(
      'select query from pg_stat_activity where usename like $1',
      ['casemate%'],
    );
    expect(rows.filter(({ query }) => /[0-9a-f]{64}/.test(query))).toEqual([]);
  });

  it('ISO-02: back in its login role, a tenant transaction stands before nothing', async () => {
    const { db } = appliance.parts.platform;
    const scope = await scopeOf(a);
    for (const text of [
      'select * from control.accounts',
      'select * from control.tenants',
      `insert into control.setup_links (hash, kind, expires_at) values (sha256('x'), 'first_admin', now())`,
      `insert into control.jobs (id, queue, kind, tenant_id) values (gen_random_uuid(), 'provision', 'tenant.drop', '${b}')`,
    ]) {
      const escaped = db.inTenant(scope, async (tx) => {
        await tx.query(`select set_config('role', 'none', true)`);
        return tx.query(text);
      });
      await expect(escaped).rejects.toThrow(/permission denied/);
    }
  });

  it('what a statement sets for the session, or locks, ends with its transaction', async () => {
    const { db } = appliance.parts.platform;
    const scope = await scopeOf(a);
    await db.inTenant(scope, (tx) =>
      tx.query(
        `select set_config('default_transaction_read_only', 'on', false),
           set_config('statement_timeout', '1ms', false), set_config('role', $1, false)`,
        [tenantName(a)],
      ),
    );
    for (let tries = 0; tries < 12; tries += 1) {
      const [row] = await db.readTenant(scope, (tx) =>
        tx.query<{ only: string; timeout: string }>(
          `select current_setting('default_transaction_read_only') as only, current_setting('statement_timeout') as timeout`,
        ),
      );
      expect(row).toEqual({ only: 'off', timeout: '1min' });
    }
    const lock = db.inTenant(scope, (tx) => tx.query('select pg_advisory_lock(4201)'));
    await expect(lock).rejects.toThrow(/permission denied/);
  });

  it('a statement that comes after the end of its transaction is refused', async () => {
    const { db } = appliance.parts.platform;
    let late: (() => Promise<unknown>) | undefined;
    const failing = db.inTenant(await scopeOf(a), (tx) => {
      late = () => tx.query('select current_user');
      return Promise.reject(new Error('the work failed'));
    });
    await expect(failing).rejects.toThrow('the work failed');
    await expect(late?.()).rejects.toThrow('this transaction has ended');
  });

  it('a transaction whose failure was swallowed does not count as committed', async () => {
    const { db } = appliance.parts.platform;
    const swallowed = db.inTenant(await scopeOf(a), async (tx) => {
      await tx.query('select 1 / 0').catch(() => undefined);
    });
    await expect(swallowed).rejects.toThrow(/rolled back/);
  });

  it('a backend that is killed in mid-transaction fails that request alone', async () => {
    const { db } = appliance.parts.platform;
    const scope = await scopeOf(a);
    const killed = db.inTenant(scope, async (tx) => {
      const [own] = await tx.query<{ pid: number }>('select pg_backend_pid() as pid');
      await appliance.superuser.query('select pg_terminate_backend($1)', [own?.pid]);
      await new Promise((resolve) => setTimeout(resolve, 200));
      return tx.query('select 1');
    });
    await expect(killed).rejects.toThrow();
    await expect(countKeys(scope, a)).resolves.toBe('1');
  });

  it('ISO-03: an insert without a tenant id, or with another, fails', async () => {
    const insert = async (columns: string, values: string): Promise<unknown> =>
      appliance.parts.platform.db.inTenant(await scopeOf(a), (tx) =>
        tx.execute(
          `insert into audit_events (${columns} id, actor_kind, action, request_id)
           values (${values} gen_random_uuid(), 'system', 'test.insert', 'r')`,
        ),
      );
    await expect(insert('', '')).rejects.toThrow(/row-level security|null value/);
    await expect(insert('tenant_id,', `'${b}',`)).rejects.toThrow(
      /row-level security|check constraint/,
    );
    await expect(insert('tenant_id,', `'${a}',`)).resolves.toBe(1);
  });

  it('INP-01: a second statement in one text is refused by the protocol', async () => {
    const run = appliance.parts.platform.db.inTenant(await scopeOf(a), (tx) =>
      tx.query('select 1; reset role'),
    );
    await expect(run).rejects.toThrow(/multiple commands/);
  });

  it('nothing of a transaction survives on its connection', async () => {
    await countKeys(await scopeOf(a), a);
    const left = await appliance.parts.platform.db.readControl((tx) =>
      tx.query(
        `select current_user::text as who, nullif(current_setting('casemate.proof', true), '') as proof`,
      ),
    );
    expect(left).toEqual([{ who: 'casemate_server', proof: null }]);
  });

  it('AUD-02: the tenant role writes audit rows and can neither read, change nor remove them', async () => {
    const ctx = appliance.contextOf(null, a);
    const event = { action: 'test.done', resourceType: 'test', resourceId: '1' };
    await expect(ctx.inTenant((tx) => record(tx, ctx, event))).resolves.toBeUndefined();
    for (const text of [
      'select * from audit_events',
      'delete from audit_events',
      `update audit_events set action = 'test.forged'`,
      'truncate audit_events',
    ])
      await expect(ctx.inTenant((tx) => tx.query(text))).rejects.toThrow(/permission denied/);
  });

  it('ENC-02: a field opens only in its own tenant, table, row and column', async () => {
    const fieldsA = await appliance.contextOf(null, a).openFields();
    const fieldsB = await appliance.contextOf(null, b).openFields();
    const place = { table: 'messages', row: '1', field: 'content' };
    const sealed = fieldsA.encrypt(place, 'the archive key');
    expect(() => fieldsB.decrypt(place, sealed)).toThrow();
    expect(() => fieldsA.decrypt({ ...place, row: '2' }, sealed)).toThrow();
    expect(() => fieldsA.decrypt({ ...place, field: 'title' }, sealed)).toThrow();
    expect(() => fieldsA.decrypt({ ...place, table: 'conversations' }, sealed)).toThrow();
    expect(fieldsA.decrypt(place, sealed)).toBe('the archive key');
  });

  it('ISO-08: a tenant id that is no UUID never becomes an identifier', () => {
    for (const id of ['x', '"; drop schema control; --', `${a}"`, a.toUpperCase()])
      expect(() => tenantName(id)).toThrow(/not a UUID/);
    expect(tenantName(a)).toMatch(/^tenant_[0-9a-f]{32}$/);
  });
});
