import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { signInPerson, type SignedIn } from '../../../tests/sign-in-person.ts';
import { startAppliance, type TestAppliance } from '../../../tests/test-appliance.ts';
import { startServer, type Answer, type TestServer } from '../../../tests/test-server.ts';

type Review = {
  entries: {
    kind: string;
    name: string;
    role: string;
    level: number | null;
    customRoles: string[];
  }[];
  csv: string;
  digest: string;
  reviews: { note: string; current: boolean }[];
};

describe('a review of access', () => {
  let appliance: TestAppliance;
  let server: TestServer;
  let tenantId: string;
  let admin: SignedIn;
  let member: SignedIn;

  beforeAll(async () => {
    appliance = await startAppliance({ CASEMATE_ANONYMOUS_PER_MINUTE: 10_000 });
    server = await startServer(appliance.config);
    tenantId = await appliance.makeTenant();
    admin = await signInPerson(appliance, { [tenantId]: 'admin' });
    member = await signInPerson(appliance, { [tenantId]: 'member' });
  });
  afterAll(async () => {
    await server.stop();
    await appliance.stop();
  });

  const send = (who: SignedIn, method: string, path: string, json?: unknown): Promise<Answer> =>
    server.ask(method, `/api/tenants/${tenantId}${path}`, {
      token: who.token,
      ...(json === undefined ? {} : { json }),
    });
  const look = async (): Promise<Review> =>
    (await send(admin, 'GET', '/access-review')).json<Review>();
  const sign = async (digest: string, who = admin): Promise<number> =>
    (await send(who, 'POST', '/access-review', { digest, note: 'Third quarter' })).status;

  it('RBA-03: is for administrators of the tenant alone', async () => {
    const stranger = await signInPerson(appliance, {}, 'super_admin');
    expect((await send(member, 'GET', '/access-review')).status).toBe(403);
    expect((await send(stranger, 'GET', '/access-review')).status).toBe(404);
    expect(await sign('0'.repeat(64), member)).toBe(403);
  });

  it('RBA-01: says who has what, and makes no formula of anybody’s name', async () => {
    const role = { name: 'Librarian', permissions: ['documents.write'] };
    const made = (await send(admin, 'POST', '/roles', role)).json<{ id: string }>();
    const wish = { level: 70, customRoles: [made.id] };
    expect((await send(admin, 'PATCH', `/team/${member.accountId}`, wish)).status).toBe(204);
    const key = { name: 'Key', scopes: ['documents.read'], expiresInDays: 1 };
    expect((await send(admin, 'POST', '/api-keys', key)).status).toBe(201);
    await appliance.superuser.query(
      `update control.accounts set name = '=cmd|calc' where id = $1`,
      [member.accountId],
    );
    const { entries, csv } = await look();
    expect(entries.find(({ level }) => level === 70)).toMatchObject({
      kind: 'person',
      role: 'member',
      customRoles: ['Librarian'],
    });
    expect(entries.map(({ kind }) => kind)).toContain('API key');
    expect(csv).toContain(`"'=cmd|calc"`);
    const { rowCount } = await appliance.superuser.query(
      `select from control.audit_events where action = 'access_review.export' and tenant_id = $1`,
      [tenantId],
    );
    expect(rowCount).toBeGreaterThan(0);
  });

  it('RBA-01: is signed for what was seen, and says when that is not what is any more', async () => {
    const { digest } = await look();
    expect((await send(admin, 'PATCH', `/team/${member.accountId}`, { level: 71 })).status).toBe(
      204,
    );
    expect(await sign(digest)).toBe(409);
    expect(await sign((await look()).digest)).toBe(204);
    expect((await look()).reviews).toMatchObject([{ note: 'Third quarter', current: true }]);
    await send(admin, 'PATCH', `/team/${member.accountId}`, { level: 72 });
    expect((await look()).reviews).toMatchObject([{ current: false }]);
    // Nobody writes a review into the database.
    await appliance.superuser.query(
      `insert into control.access_reviews (id, tenant_id, reviewed_by, note, digest, entries, seal)
       select gen_random_uuid(), tenant_id, reviewed_by, 'forged', digest, entries, seal
       from control.access_reviews`,
    );
    expect((await look()).reviews).toHaveLength(1);
  });
});
