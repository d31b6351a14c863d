import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startAppliance, type TestAppliance } from '../../tests/test-appliance.ts';
import { recordOnPlatform, sequenceEvents, verifyLog, type LogVerdict } from './index.ts';

describe("the platform's own log", () => {
  let appliance: TestAppliance;
  let tenantId: string;

  beforeAll(async () => {
    appliance = await startAppliance();
    tenantId = await appliance.makeTenant();
  });
  afterAll(() => appliance.stop());

  const write = (id: string): Promise<void> => {
    const ctx = appliance.contextOf(null, null);
    return ctx.inControl((tx) =>
      recordOnPlatform(tx, ctx, { action: 'test.write', resourceType: 'test', resourceId: id }),
    );
  };
  /** Until nothing waits: an open transaction of another test's database holds events back. */
  const sequence = async (): Promise<void> => {
    for (;;) {
      const { waiting } = await sequenceEvents(appliance.parts.platform.db, 'platform');
      if (waiting === 0) return;
      await sleep(20);
    }
  };
  const verify = (late?: number): Promise<LogVerdict> =>
    verifyLog(appliance.parts.platform.db, 'platform', late);
  const asSuperuser = (text: string): Promise<unknown> =>
    appliance.superuser.query(
      `set session_replication_role = replica; ${text}; reset session_replication_role`,
    );

  it('AUD-02: the writer of the log can neither read nor change it', async () => {
    await write('first');
    const { platform } = appliance.parts;
    for (const statement of [
      'select 1 from control.audit_events',
      'update control.audit_events set action = action',
      'delete from control.audit_events',
      'select 1 from control.audit_log',
      "insert into control.audit_log select 1, id, '', '' from control.audit_events",
    ])
      await expect(platform.db.inControl((tx) => tx.query(statement))).rejects.toThrow(
        'permission denied',
      );
    for (const change of ['update audit_log set seq = 9', 'delete from audit_log'])
      await expect(platform.db.inPlatformAuditor((tx) => tx.execute(change))).rejects.toThrow(
        'permission denied',
      );
  });

  it("ISO-02: what is injected into a tenant's statement can't become who reads it", async () => {
    const ctx = appliance.contextOf(null, tenantId);
    const turn = `select set_config('role', 'casemate_platform_auditor', true)`;
    await expect(ctx.inTenant((tx) => tx.query(turn))).rejects.toThrow(/permission denied/);
    // The twin: the sequencer may, and reads.
    const rows = await appliance.parts.platform.db.inPlatformAuditor((tx) =>
      tx.query('select 1 from audit_events'),
    );
    expect(rows.length).toBeGreaterThan(0);
  });

  it('AUD-05: parallel writers and sequencers give one chain, and it verifies', async () => {
    await Promise.all([
      ...Array.from({ length: 40 }, (_none, index) => write(`w${index}`)),
      ...Array.from({ length: 5 }, sequence),
    ]);
    await sequence();
    const verdict = await verify(0);
    expect(verdict).toMatchObject({ intact: true, missing: 0 });
    expect(verdict.events).toBeGreaterThanOrEqual(41);
  });

  it('AUD-05: a changed event, one taken out, and an end that was cut off are found', async () => {
    const change = (to: string): string =>
      `update control.audit_events set resource_id = '${to}' where resource_id = '${to === 'w7' ? 'forged' : 'w7'}'`;
    await asSuperuser(change('forged'));
    expect(await verify()).toMatchObject({ intact: false });
    await asSuperuser(change('w7'));
    expect(await verify(0)).toMatchObject({ intact: true });
    await asSuperuser(
      'delete from control.audit_log where seq = (select max(seq) from control.audit_log)',
    );
    expect(await verify(0)).toMatchObject({ intact: false, missing: 1 });
    await sequence();
    expect(await verify(0)).toMatchObject({ intact: true });
    await asSuperuser('delete from control.audit_log where seq = 3');
    expect(await verify(0)).toMatchObject({ intact: false, brokenAt: '4' });
  });
});
