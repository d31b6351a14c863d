import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { signInPerson, type SignedIn } from '../../../tests/sign-in-person.ts';
import { startAppliance, type TestAppliance } from '../../../tests/test-appliance.ts';
import { startServer, type TestServer } from '../../../tests/test-server.ts';

const BUDGET = 40;

/** Names of budgets carry the tenant: one tenant can't use up what another may ask. */
describe('the budget of a tenant', () => {
  let appliance: TestAppliance;
  let server: TestServer;
  let [a, b] = ['', ''];
  let ofA: SignedIn;
  let ofB: SignedIn;

  beforeAll(async () => {
    appliance = await startAppliance({ CASEMATE_TENANT_PER_MINUTE: BUDGET });
    server = await startServer(appliance.config);
    [a, b] = [await appliance.makeTenant(), await appliance.makeTenant()];
    ofA = await signInPerson(appliance, { [a]: 'admin' });
    ofB = await signInPerson(appliance, { [b]: 'admin' });
  });
  afterAll(async () => {
    await server.stop();
    await appliance.stop();
  });

  const ask = async (tenantId: string, { token }: SignedIn): Promise<number> =>
    (await server.ask('GET', `/api/tenants/${tenantId}/documents`, { token })).status;
  const askOften = async (tenantId: string, who: SignedIn): Promise<number[]> => {
    const statuses: number[] = [];
    for (let asked = 0; asked < BUDGET + 10; asked += 1) statuses.push(await ask(tenantId, who));
    return statuses;
  };

  it('ISO-12: names alone keep the budget of B from who asks at its address without a right', async () => {
    expect(new Set(await askOften(b, ofA))).toEqual(new Set([404]));
    expect(await ask(b, ofB)).toBe(200);
  });

  it('ISO-12: names alone keep what A spends from the budget of B; each uses up its own', async () => {
    expect(await askOften(a, ofA)).toContain(429);
    expect(await ask(b, ofB)).toBe(200);
    expect(await askOften(b, ofB)).toContain(429);
  });
});
