import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '../../../tests/sealed-tenant.ts';
import { signInPerson, type SignedIn } from '../../../tests/sign-in-person.ts';
import { startAppliance, type TestAppliance } from '../../../tests/test-appliance.ts';
import { startServer, type Answer, type TestServer } from '../../../tests/test-server.ts';
import { newId } from '../../platform/index.ts';
import { soon } from '../../../tests/soon.ts';

const REASON = 'Ticket 4711: a document can not be read';

describe('a visit of the platform (break-glass)', () => {
  let appliance: TestAppliance;
  let server: TestServer;
  let tenantId: string;
  let other: string;
  let admin: SignedIn;
  let member: SignedIn;
  let root: SignedIn;

  beforeAll(async () => {
    appliance = await startAppliance({
      CASEMATE_ANONYMOUS_PER_MINUTE: 10_000,
      CASEMATE_ACCOUNT_PER_MINUTE: 10_000,
    });
    server = await startServer(appliance.config);
    [tenantId, other] = await Promise.all([appliance.makeTenant(), appliance.makeTenant()]);
    admin = await signInPerson(appliance, { [tenantId]: 'admin' });
    member = await signInPerson(appliance, { [tenantId]: 'member' });
  });
  afterAll(async () => {
    await server.stop();
    await appliance.stop();
  });
  beforeEach(async () => {
    root = await signInPerson(appliance, {}, 'super_admin');
  });

  const at = (path: string, tenant = tenantId): string => `/api/tenants/${tenant}${path}`;
  const send = (
    who: SignedIn | string,
    method: string,
    path: string,
    json?: unknown,
  ): Promise<Answer> =>
    server.ask(method, path, {
      token: typeof who === 'string' ? who : who.token,
      ...(json === undefined ? {} : { json }),
    });
  const wish = (more: object = {}): object => ({ tenantId, reason: REASON, minutes: 30, ...more });
  const ask = async (who: SignedIn = root, more: object = {}): Promise<string> => {
    const made = await send(who, 'POST', '/api/platform/visits', wish(more));
    expect(made.status).toBe(201);
    return made.json<{ id: string }>().id;
  };
  const decide = async (id: string, approve = true, by: SignedIn = admin): Promise<number> =>
    (await send(by, 'POST', at(`/visits/${id}/decision`), { approve })).status;
  const decideOnPlatform = async (id: string, by: SignedIn): Promise<number> =>
    (await send(by, 'POST', `/api/platform/visits/${id}/decision`, { approve: true })).status;
  const look = (who: SignedIn | string = root, path = '/documents'): Promise<Answer> =>
    send(who, 'GET', at(path));
  const becomes = (asked: () => Promise<Answer>, wanted: number): Promise<number> =>
    eventually(async () => {
      const { status } = await asked();
      return status === wanted ? status : undefined;
    }, 250);
  const asThief = async (text: string, values: unknown[]): Promise<void> => {
    const client = await appliance.superuser.connect();
    try {
      await client.query('begin');
      await client.query('set local role casemate_server');
      await client.query(text, values);
      await client.query('commit');
    } catch (error) {
      await client.query('rollback');
      throw error;
    } finally {
      client.release();
    }
  };
  const phaseOf = async (id: string): Promise<string | undefined> => {
    const { visits } = (await send(admin, 'GET', at('/visits'))).json<{
      visits: { id: string; phase: string }[];
    }>();
    return visits.find((one) => one.id === id)?.phase;
  };

  it('RBA-01: opens nothing before somebody else has approved it, and then only what may be looked at', async () => {
    expect((await look()).status).toBe(404);
    const id = await ask();
    expect((await look()).status).toBe(404);
    expect(await decide(id)).toBe(204);
    await becomes(look, 200);
    for (const [method, path, json] of [
      ['POST', '/documents?name=a.md', undefined],
      ['POST', '/conversations', {}],
      ['GET', '/conversations', undefined],
      ['GET', '/team', undefined],
      ['GET', '/roles', undefined],
      ['PUT', '/levels', { minimum: {} }],
      ['GET', '/api-keys', undefined],
      ['POST', '/api-keys', { name: 'Key', scopes: ['documents.read'], expiresInDays: 1 }],
      ['GET', '/visits', undefined],
      ['POST', `/visits/${id}/end`, undefined],
    ] as const)
      expect([path, (await send(root, method, at(path), json)).status]).toEqual([path, 403]);
    // One tenant, and no other.
    expect((await send(root, 'GET', at('/documents', other))).status).toBe(404);
  });

  it('RBA-01: is approved by nobody who asked for it, nobody of another tenant, and no member', async () => {
    const id = await ask();
    const both = await signInPerson(appliance, { [tenantId]: 'admin' }, 'super_admin');
    const own = await ask(both);
    expect(await decide(own, true, both)).toBe(403);
    expect(await decide(id, true, member)).toBe(403);
    expect(await decide(id, true, root)).toBe(404);
    expect(await decideOnPlatform(id, root)).toBe(403);
    const second = await signInPerson(appliance, {}, 'super_admin');
    expect(await decideOnPlatform(id, second)).toBe(403);
    const stranger = await signInPerson(appliance, { [other]: 'admin' });
    expect(await decide(id, true, stranger)).toBe(404);
    const foreign = at(`/visits/${id}/decision`, other);
    expect((await send(stranger, 'POST', foreign, { approve: true })).status).toBe(404);
    expect((await look()).status).toBe(404);
    // The twin: where the tenant has set that, a second person of the platform, and never the same.
    const rule = at('/visit-rule');
    expect((await send(member, 'PUT', rule, { byPlatform: true })).status).toBe(403);
    expect((await send(admin, 'PUT', rule, { byPlatform: true })).status).toBe(204);
    expect(await decideOnPlatform(id, root)).toBe(403);
    // Nobody who came just before, and none of whom one has invited the other, is a second person.
    expect(await decideOnPlatform(id, second)).toBe(403);
    await appliance.superuser.query(
      `update control.accounts set created_at = now() - interval '25 hours' where id = $1`,
      [second.accountId],
    );
    for (const [invited, by] of [
      [second, root],
      [root, second],
    ] as const) {
      const row = await cameBy(invited, by);
      expect(await decideOnPlatform(id, second)).toBe(403);
      await appliance.superuser.query('delete from control.invitations where id = $1', [row]);
    }
    // An account of long ago that was promoted just before is none either.
    const row = await cameBy(second, await signInPerson(appliance, {}, 'super_admin'));
    expect(await decideOnPlatform(id, second)).toBe(403);
    await appliance.superuser.query('delete from control.invitations where id = $1', [row]);
    expect(await decideOnPlatform(id, second)).toBe(204);
    await becomes(look, 200);
    expect((await send(admin, 'PUT', rule, { byPlatform: false })).status).toBe(204);
  });

  /** As if they had accepted an invitation to run the platform, just now. */
  async function cameBy(invited: SignedIn, by: SignedIn): Promise<string> {
    const id = newId();
    await appliance.superuser.query(
      `insert into control.invitations (id, account_id, platform_role, invited_by, expires_at, accepted_at, seal)
       values ($1, $2, 'super_admin', $3, now() + interval '1 day', now(), $4)`,
      [id, invited.accountId, by.accountId, Buffer.alloc(32)],
    );
    return id;
  }

  it('RBA-01: has a reason and an end, at most four hours away', async () => {
    for (const more of [{ reason: 'short' }, { minutes: 241 }, { minutes: 0 }, { minutes: 1.5 }])
      expect((await send(root, 'POST', '/api/platform/visits', wish(more))).status).toBe(400);
    expect((await send(admin, 'POST', '/api/platform/visits', wish())).status).toBe(403);
    const id = await ask();
    expect(await decide(id)).toBe(204);
    await becomes(look, 200);
    // Its time is over: what was moved by a thief counts for nothing, what passed by itself ends it.
    await asThief(
      `update control.visits set expires_at = expires_at + interval '1 day' where id = $1`,
      [id],
    );
    await becomes(look, 404);
  });

  it('RBA-01: ends by itself', async () => {
    const id = await ask();
    expect(await decide(id)).toBe(204);
    await becomes(look, 200);
    // As after that time: the row as the server would have written it so long ago.
    await appliance.superuser.query(
      `update control.visits set expires_at = now() - interval '1 second' where id = $1`,
      [id],
    );
    await becomes(look, 404);
    expect(await phaseOf(id)).toBe('over');
  });

  it('RBA-01: is ended at any time by the tenant, or by the visitor', async () => {
    const id = await ask();
    await decide(id);
    await becomes(look, 200);
    expect((await send(member, 'POST', at(`/visits/${id}/end`))).status).toBe(403);
    expect((await send(admin, 'POST', at(`/visits/${id}/end`))).status).toBe(204);
    await becomes(look, 404);
    expect(await decide(id)).toBe(409);
    const again = await ask();
    await decide(again);
    await becomes(look, 200);
    expect((await send(root, 'POST', `/api/platform/visits/${again}/end`)).status).toBe(204);
    await becomes(look, 404);
    const refused = await ask();
    expect(await decide(refused, false)).toBe(204);
    expect(await phaseOf(refused)).toBe('refused');
    expect((await look()).status).toBe(404);
  });

  it('RBA-01: shows the tenant the end of what was asked for, and what was long ago', async () => {
    const id = await ask();
    await decide(id);
    await becomes(look, 200);
    await look(root, `/search?q=${'x'.repeat(1_200)}salaries`);
    await appliance.superuser.query(
      `insert into control.visit_views (visit_id, route, subject)
       select $1, 'GET /api/tenants/:tenantId/documents', '' from generate_series(1, 450)`,
      [id],
    );
    type Page = { views: { subject: string }[]; next: number | null };
    const page = async (before: string): Promise<Page> =>
      (await send(admin, 'GET', at(`/visits/${id}/views${before}`))).json<Page>();
    const seen: string[] = [];
    for (let next: number | null = Infinity; next !== null;) {
      const { views, next: earlier }: Page = await page(
        next === Infinity ? '' : `?before=${String(next)}`,
      );
      seen.push(...views.map(({ subject }) => subject));
      next = earlier;
    }
    expect(seen.length).toBeGreaterThan(450);
    expect(seen.join(' ')).toContain('salaries');
  });

  it('RBA-01: shows the tenant everything that was looked at, and both sides that it is open', async () => {
    const id = await ask();
    await decide(id);
    await becomes(look, 200);
    await look(root, '/search?q=salaries');
    const { views } = (await send(admin, 'GET', at(`/visits/${id}/views`))).json<{
      views: { route: string; subject: string }[];
    }>();
    expect(views[0]?.route).toBe('GET /api/tenants/:tenantId/search');
    expect(views[0]?.subject).toContain('salaries');
    expect(views.map(({ route }) => route)).toContain('GET /api/tenants/:tenantId/documents');
    const open = async (who: SignedIn): Promise<{ id: string; own: boolean }[]> =>
      (await send(who, 'GET', at('/visits/open'))).json<{
        visits: { id: string; own: boolean }[];
      }>().visits;
    expect((await open(member)).find((one) => one.id === id)).toMatchObject({ own: false });
    expect((await open(root)).find((one) => one.id === id)).toMatchObject({ own: true });
    const { tenants } = (await send(root, 'GET', '/api/me')).json<{
      tenants: { id: string; role: string; visitEndsAt: string | null }[];
    }>();
    expect(tenants.find((one) => one.id === tenantId)).toMatchObject({ role: 'visitor' });
    for (const action of ['visit.request', 'visit.approve', 'visit.read']) {
      const { rowCount } = await appliance.superuser.query(
        `select from control.audit_events where action = $1 and resource_id = $2 and tenant_id = $3`,
        [action, id, tenantId],
      );
      expect([action, Number(rowCount) > 0]).toEqual([action, true]);
    }
    await expect(asThief('delete from control.visit_views', [])).rejects.toThrow(
      'permission denied',
    );
  });

  it('RBA-03: shows nothing that can not be written down', async () => {
    const id = await ask();
    await decide(id);
    await becomes(look, 200);
    await appliance.superuser.query('revoke insert on control.visit_views from casemate_server');
    try {
      expect((await look()).status).toBeGreaterThanOrEqual(500);
      // The twin: the tenant's own people are not watched.
      expect((await look(member)).status).toBe(200);
    } finally {
      await appliance.superuser.query('grant insert on control.visit_views to casemate_server');
    }
    expect((await look()).status).toBe(200);
  });

  it('RBA-01: is nothing that somebody wrote into the database', async () => {
    const id = await ask();
    await asThief(
      `update control.visits set decided_at = now(), decided_by = $2, approved = true,
         expires_at = now() + interval '1 hour' where id = $1`,
      [id, admin.accountId],
    );
    // Long enough for the server to look at the session again.
    await soon();
    expect((await look()).status).toBe(404);
    // A request whose reason was changed waits for nobody.
    const changed = await ask();
    await expect(
      asThief(`update control.visits set reason = 'Something harmless' where id = $1`, [changed]),
    ).rejects.toThrow('permission denied');
    await asThief(
      `insert into control.visit_rules (tenant_id, by_platform, seal) values ($1, true, $2)
       on conflict (tenant_id) do update set by_platform = true`,
      [tenantId, Buffer.alloc(32, 7)],
    );
    const second = await signInPerson(appliance, {}, 'super_admin');
    expect(await decideOnPlatform(changed, second)).toBe(403);
  });

  it('RBA-01: is not for a tenant that holds its own seal, nor one that is closed', async () => {
    const sealed = await appliance.makeTenant();
    await appliance.superuser.query(
      `update control.tenants set state = 'suspended' where id = $1`,
      [sealed],
    );
    expect(
      (await send(root, 'POST', '/api/platform/visits', wish({ tenantId: sealed }))).status,
    ).toBe(409);
    const id = await ask();
    await decide(id);
    await becomes(look, 200);
    await appliance.superuser.query(`update control.tenants set tier = 'sealed' where id = $1`, [
      tenantId,
    ]);
    try {
      await becomes(look, 404);
      expect((await send(root, 'POST', '/api/platform/visits', wish())).status).toBe(409);
    } finally {
      await appliance.superuser.query(
        `update control.tenants set tier = 'standard' where id = $1`,
        [tenantId],
      );
    }
  });

  it('RBA-01: ends with the right to run the platform', async () => {
    const id = await ask();
    await decide(id);
    await becomes(look, 200);
    const { rights } = appliance.parts.identity;
    const { accountId, auditId } = root;
    const facts = { id: accountId, auditId, email: `${accountId}@example.invalid` };
    const seal = rights.sealAccount({
      ...facts,
      platformRole: null,
      passwordHash: '!',
      factors: null,
    });
    await appliance.superuser.query(
      'update control.accounts set platform_role = null, seal = $2 where id = $1',
      [accountId, seal],
    );
    await becomes(look, 404);
  });

  it('MFA-05: is asked for and approved with a fresh second factor', async () => {
    const id = await ask();
    // Shown, so that the session may do everything else, and an hour ago.
    const age = (who: SignedIn): Promise<unknown> => {
      const { sessionId, accountId } = who;
      const at = new Date(Date.now() - 3_600_000);
      const seal = appliance.parts.identity.rights.sealShown({ sessionId, accountId, at });
      return appliance.superuser.query(
        'update control.sessions set factor_at = $2, factor_seal = $3 where id = $1',
        [sessionId, at, seal],
      );
    };
    const tired = await signInPerson(appliance, { [tenantId]: 'admin' });
    await age(tired);
    await eventually(async () => ((await decide(id, true, tired)) === 403 ? true : undefined), 250);
    expect(await decide(id)).toBe(204);
    expect((await send(tired, 'GET', at('/visits'))).status).toBe(200);
    await age(root);
    await becomes(() => send(root, 'POST', '/api/platform/visits', wish()), 403);
    expect((await send(root, 'GET', '/api/platform/visits')).status).toBe(200);
  });
});
