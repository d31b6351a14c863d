import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { startAppliance, type TestAppliance } from '../../tests/test-appliance.ts';
import { auditChecks } from './index.ts';

describe('AUD-02: the live check of the audit tables', () => {
  let appliance: TestAppliance;
  let schema: string;
  const run = () => auditChecks[0]?.run(appliance.contextOf(null, null));
  const undo: string[] = [];
  const change = async (statement: string, back: string): Promise<void> => {
    undo.push(back);
    await appliance.superuser.query(statement);
  };

  beforeAll(async () => {
    appliance = await startAppliance();
    schema = `tenant_${(await appliance.makeTenant()).replaceAll('-', '')}`;
  });
  afterEach(async () => {
    for (const statement of undo.splice(0)) await appliance.superuser.query(statement);
  });
  afterAll(() => appliance.stop());

  it.each([
    [
      'a grant to change rows',
      'UPDATE is granted',
      (t: string) => [
        `grant update on ${t}.audit_events to ${t}`,
        `revoke update on ${t}.audit_events from ${t}`,
      ],
    ],
    [
      'a grant to change one column',
      'UPDATE is granted',
      (t: string) => [
        `grant update (action) on ${t}.audit_events to casemate_auditor`,
        `revoke update (action) on ${t}.audit_events from casemate_auditor`,
      ],
    ],
    [
      'a writer that reads',
      'writes and reads',
      (t: string) => [
        `grant select on ${t}.audit_events to ${t}`,
        `revoke select on ${t}.audit_events from ${t}`,
      ],
    ],
    [
      'a trigger switched off',
      'UPDATE and DELETE',
      (t: string) => [
        `alter table ${t}.audit_log disable trigger append_only`,
        `alter table ${t}.audit_log enable trigger append_only`,
      ],
    ],
    [
      'a trigger for replicas alone',
      'TRUNCATE',
      (t: string) => [
        `alter table ${t}.audit_log enable replica trigger append_only_all`,
        `alter table ${t}.audit_log enable trigger append_only_all`,
      ],
    ],
    [
      "the platform's own log open",
      'control.audit_events',
      () => [
        'grant delete on control.audit_events to casemate_server',
        'revoke delete on control.audit_events from casemate_server',
      ],
    ],
  ] as const)('AUD-02: fails with %s', async (_what, evidence, statements) => {
    const [statement = '', back = ''] = statements(schema);
    await change(statement, back);
    const found = await run();
    expect(found?.status).toBe('fail');
    expect(found?.evidence).toContain(evidence);
  });

  it('AUD-02: passes on the tables as the migrations make them', async () => {
    expect(await run()).toMatchObject({ status: 'pass' });
    expect((await run())?.evidence).toMatch(/^\d+ audit tables/);
  });
});
