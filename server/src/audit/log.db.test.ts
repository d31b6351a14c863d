import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../../tests/sealed-tenant.ts';
import { startAppliance, type TestAppliance } from '../../tests/test-appliance.ts';
import { newId, tenantName, type TenantScope } from '../platform/index.ts';
import { record, sequenceEvents, startSequencer, verifyLog } from './index.ts';

describe('the audit log', () => {
  let appliance: TestAppliance;
  let tenantId: string;
  let scope: TenantScope;

  beforeAll(async () => {
    appliance = await startAppliance();
    tenantId = await appliance.makeTenant();
    scope = await appliance.parts.openTenant(tenantId, null);
  });
  afterAll(() => appliance.stop());

  /** `written` runs before the commit. */
  const write = (id: string, written?: () => Promise<unknown>): Promise<void> => {
    const ctx = appliance.contextOf(null, tenantId);
    return ctx.inTenant(async (tx) => {
      await record(tx, ctx, { action: 'test.write', resourceType: 'test', resourceId: id });
      await written?.();
    });
  };
  const sequence = (thorough = false): ReturnType<typeof sequenceEvents> =>
    sequenceEvents(appliance.parts.platform.db, scope, thorough);
  /** Until nothing waits: an older transaction of any other database of the cluster holds events back. */
  const sequenceAll = (): Promise<true> =>
    eventually(async () => ((await sequence()).waiting === 0 ? true : undefined));
  const verify = (): ReturnType<typeof verifyLog> => verifyLog(appliance.parts.platform.db, scope);

  it('AUD-05: rows of a transaction that is still open hold back later ones, and nothing is lost', async () => {
    let commit: (value?: unknown) => void = () => undefined;
    const held = new Promise((resolve) => (commit = resolve));
    let open: Promise<void> | undefined;
    await new Promise<void>((resolve) => {
      open = write('slow', () => {
        resolve();
        return held;
      });
    });
    await write('fast');
    const early = await sequence();
    commit();
    await open;
    await sequenceAll();
    const verdict = await verify();
    expect(early.waiting).toBe(1);
    expect(verdict).toMatchObject({ intact: true, events: 2 });
  });

  it('AUD-05: parallel writers and parallel sequencers give one chain without gaps', async () => {
    const before = (await verify()).events;
    // Somebody else's work that began before: whatever comes after it waits until it has ended.
    const elsewhere = await appliance.superuser.connect();
    await elsewhere.query('begin');
    await elsewhere.query('select pg_current_xact_id()');
    await Promise.all([
      ...Array.from({ length: 40 }, (_none, index) => write(`w${index}`)),
      ...Array.from({ length: 5 }, () => sequence()),
    ]);
    expect((await sequence()).waiting).toBe(40);
    await elsewhere.query('commit');
    elsewhere.release();
    await sequenceAll();
    expect(await verify()).toEqual({
      intact: true,
      events: before + 40,
      brokenAt: null,
      missing: 0,
    });
  });

  it('AUD-02: the writer can choose neither the time nor the place of its event', async () => {
    const ctx = appliance.contextOf(null, tenantId);
    for (const [column, value] of [
      ['xid', `'3'`],
      ['at', `'2001-01-01'`],
    ]) {
      const forged = ctx.inTenant((tx) =>
        tx.execute(
          `insert into audit_events (tenant_id, id, actor_kind, action, request_id, ${column})
           values (control.tenant(), gen_random_uuid(), 'system', 'test.forged', 'r', ${value})`,
        ),
      );
      await expect(forged).rejects.toThrow(/permission denied/);
    }
  });

  it('AUD-05: an event with a low transaction id, as after a restore, is found by the sweep', async () => {
    const schema = tenantName(tenantId);
    await appliance.superuser.query(
      `insert into "${schema}".audit_events (tenant_id, id, xid, actor_kind, action, request_id)
       values ($1, gen_random_uuid(), '3', 'system', 'test.restored', 'r')`,
      [tenantId],
    );
    expect((await sequence()).appended).toBe(0);
    expect((await sequence(true)).appended).toBe(1);
  });

  it('AUD-05: what a process that died had noted is found by the walk of another', async () => {
    const { events } = await verify();
    await write('noted by nobody');
    const { platform, openTenant } = appliance.parts;
    const sequencer = startSequencer({
      platform,
      openTenant: (id) => openTenant(id, null),
      // One that can't be opened stops no other.
      listTenants: () => Promise.resolve([newId(), tenantId]),
    });
    await eventually(async () => ((await verify()).events > events ? true : undefined)).finally(
      () => sequencer.stop(),
    );
    expect(await verify()).toMatchObject({ intact: true, events: events + 1 });
  });

  it('AUD-05: a log whose last entry was cut off is not intact', async () => {
    const schema = tenantName(tenantId);
    const { superuser } = appliance;
    await superuser.query(`alter table "${schema}".audit_log disable trigger append_only`);
    await superuser.query(
      `delete from "${schema}".audit_log where seq = (select max(seq) from "${schema}".audit_log)`,
    );
    await superuser.query(`alter table "${schema}".audit_log enable trigger append_only`);
    const verdict = await verifyLog(appliance.parts.platform.db, scope, 0);
    expect(verdict).toMatchObject({ intact: false, missing: 1 });
    await sequence(true);
  });

  it('AUD-05: a row changed past all permissions is found', async () => {
    const schema = tenantName(tenantId);
    const { superuser } = appliance;
    await superuser.query(`alter table "${schema}".audit_events disable trigger append_only`);
    await superuser.query(
      `update "${schema}".audit_events set action = 'test.forged' where resource_id = 'w7'`,
    );
    const verdict = await verify();
    expect(verdict.intact).toBe(false);
    expect(verdict.brokenAt).not.toBeNull();
  });

  it('AUD-02: even the owner of the table is refused by the trigger', async () => {
    const change = appliance.superuser.query(`delete from control.audit_events`);
    await expect(change).rejects.toThrow(/append-only/);
  });
});
