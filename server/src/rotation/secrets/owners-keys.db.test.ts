import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { startAppliance, type TestAppliance } from '../../../tests/test-appliance.ts';
import { requestDueRotations } from '../../crypto/index.ts';
import { dataKeys, listSecrets, requestRotation, wrappingKeys } from '../index.ts';

const DAYS = 365;

describe('the schedule of keys', () => {
  let appliance: TestAppliance;
  let young: string;
  let old: string;
  let closed: string;

  beforeAll(async () => {
    appliance = await startAppliance();
    [young, old, closed] = [
      await appliance.makeTenant('Young'),
      await appliance.makeTenant('Old'),
      await appliance.makeTenant('Closed'),
    ];
    await age(old, 400);
    await age(closed, 900);
    await sql(`update control.tenants set state = 'suspended' where id = '${closed}'`);
  });
  afterEach(() => sql('delete from control.key_rotations'));
  afterAll(() => appliance.stop());

  const sql = async (text: string): Promise<Record<string, unknown>[]> =>
    (await appliance.superuser.query<Record<string, unknown>>(text)).rows;
  const age = (id: string, days: number): Promise<unknown> =>
    sql(
      `update control.tenants set created_at = now() - interval '${days} days' where id = '${id}'`,
    );
  const ask = (kind: 'wrapping' | 'data' = 'wrapping'): Promise<number> =>
    requestDueRotations(appliance.provisioning.platform, { kind, days: DAYS });
  const asked = async (): Promise<unknown[]> =>
    (await sql('select tenant_id from control.key_rotations')).map((row) => row['tenant_id']);
  const [system, lines] = [
    () => appliance.contextOf(null, null),
    async () => listSecrets(system(), [wrappingKeys, dataKeys]),
  ];

  it('SEC-03: the server cannot ask in the name of the schedule, nor the provisioner in a person’s', async () => {
    const { platform } = appliance.provisioning;
    const forged = platform.db.inControl((tx) =>
      tx.execute(
        `insert into control.key_rotations (id, tenant_id, kind, requested_by)
         values ($1, $2, 'data', $1)`,
        [old, old],
      ),
    );
    await expect(forged).rejects.toMatchObject({ code: '42501' });
  });

  it('SEC-03 ENC-03: keys older than a year are asked for once; the young and the closed are not', async () => {
    expect(await Promise.all([ask(), ask()])).toEqual(expect.arrayContaining([1, 0]));
    expect(await asked()).toEqual([old]);
    expect(await ask('data')).toBe(0);
    expect(await asked()).not.toContain(young);
    const [event] = await sql(
      `select after, tenant_id from control.audit_events where action = 'key.rotate' order by id desc limit 1`,
    );
    expect(event).toMatchObject({ tenant_id: old, after: { kind: 'wrapping', reason: 'due' } });
  });

  it('SEC-03: one that failed is left to a person for a day, and then tried again', async () => {
    await ask();
    await sql(`update control.key_rotations set state = 'failed', finished_at = now()`);
    expect(await ask()).toBe(0);
    await sql(`update control.key_rotations set finished_at = now() - interval '25 hours'`);
    expect(await ask()).toBe(1);
  });

  it('SEC-03: the inventory tells the age of the oldest, and that it is overdue', async () => {
    const [wrapping, data] = await lines();
    expect(wrapping).toMatchObject({ state: 'overdue', ageDays: 400, reading: { count: 4 } });
    expect(wrapping?.reading.note).toBe('1 tenant is closed: its key is rotated when it is open');
    expect(data).toMatchObject({ state: 'overdue', ageDays: 400 });
    await ask();
    expect((await lines())[0]).toMatchObject({ state: 'current', ageDays: 0 });
  });

  it('SEC-03: who asks for one of them is told the command', async () => {
    const wish = { name: 'data-keys', compromised: false };
    await expect(requestRotation(system(), [dataKeys], wish)).rejects.toThrow(
      /casemate keys rotate --all/,
    );
  });
});
