import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startKeyDesk, type KeyDesk } from '../../tests/key-desk.ts';
import type { Person } from '../../tests/test-appliance.ts';
import { tenantName, type TenantScope } from '../platform/index.ts';
import { listUnsafeTables } from './seal-tenant-schema.ts';

describe('the role that moves fields to a new key', () => {
  let desk: KeyDesk;
  let tenantId: string;
  let other: string;
  let person: Person;

  beforeAll(async () => {
    desk = await startKeyDesk();
    ({ tenantId, person } = await desk.makeTenant());
    ({ tenantId: other } = await desk.makeTenant());
    await desk.titles.write(tenantId, person, 'a title');
  });
  afterAll(() => desk.stop());

  const scopeOf = (id: string): Promise<TenantScope> => desk.appliance.parts.openTenant(id, null);
  const ask = async (scope: TenantScope, text: string): Promise<unknown[]> =>
    desk.appliance.parts.platform.db.inRekeyer(scope, (tx) => tx.query(text));

  it('ISO-03: sees ids and ciphertext, and neither other columns nor tables', async () => {
    const scope = await scopeOf(tenantId);
    for (const text of [
      'select account_id from conversations',
      'select * from messages',
      'select wrapped from data_keys',
      'select name from documents',
      'delete from conversations',
      `update conversations set updated_at = now()`,
      'select email from control.accounts',
    ])
      await expect(ask(scope, text)).rejects.toThrow(/permission denied/);
    const rows = await ask(scope, 'select id, title from conversations');
    expect(rows).toEqual([{ id: expect.any(String), title: expect.stringMatching(/^cm1\.1\./) }]);
  });

  it("ISO-03: sees no row with another tenant's proof", async () => {
    const mixed = { ...(await scopeOf(other)), tenantId };
    await expect(ask(mixed, 'select id from conversations')).resolves.toEqual([]);
    await expect(
      ask(await scopeOf(tenantId), 'select id from conversations'),
    ).resolves.toHaveLength(1);
  });

  it('ISO-03: what it may, a policy for everybody may not', async () => {
    const look = async (): Promise<string[]> =>
      (await desk.appliance.contextOf(null, null).inControl(listUnsafeTables)).map(
        ({ why }) => why,
      );
    expect(await look()).toEqual([]);
    await desk.appliance.superuser.query(
      `create policy everybody on "${tenantName(tenantId)}".conversations
         using (tenant_id = (select control.tenant())) with check (tenant_id = (select control.tenant()))`,
    );
    expect(await look()).toEqual(['a policy does not ask for the account']);
    await desk.appliance.superuser.query(
      `drop policy everybody on "${tenantName(tenantId)}".conversations`,
    );
  });
});
