import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { signInPerson, type SignedIn } from '../../tests/sign-in-person.ts';
import { startAppliance, type TestAppliance } from '../../tests/test-appliance.ts';
import { startServer, type Answer, type TestServer } from '../../tests/test-server.ts';
import { ALL_PERMISSIONS, mayInTenant } from '../access/index.ts';
import { createChat } from '../chat/index.ts';
import type { IdentityParts } from '../identity/index.ts';
import { newId, type Endpoint, type TenantRole } from '../platform/index.ts';
import { routeTable } from './routes.ts';

// The table alone; none of these parts is asked for anything.
const chat = createChat({ search: () => Promise.resolve([]) });
const routes = routeTable({ identity: {} as IdentityParts, chat });
const named = (kind: Endpoint['guard']['kind']): [string, Endpoint][] =>
  routes
    .filter(({ guard }) => guard.kind === kind)
    .map((route) => [`${route.method} ${route.path}`, route]);
const fresh = routes
  .filter(({ stepUp, guard }) => stepUp === true && guard.kind !== 'authenticated')
  .map((route): [string, Endpoint] => [`${route.method} ${route.path}`, route]);
const ROLES: readonly TenantRole[] = ['member', 'reviewer', 'admin'];

/** Every guard of the route table, asked over HTTP: a route that forgets its guard fails here. */
describe('the guards of all routes', () => {
  let appliance: TestAppliance;
  let server: TestServer;
  let tenantId: string;
  let stranger: SignedIn;
  let platformAdmin: SignedIn;
  let people: Record<TenantRole, SignedIn>;
  /** An administrator of the tenant and of the platform who showed a factor an hour ago. */
  let hoursAgo: SignedIn;

  beforeAll(async () => {
    appliance = await startAppliance({
      CASEMATE_ANONYMOUS_PER_MINUTE: 10_000,
      CASEMATE_SECOND_FACTOR_PER_MINUTE: 1_000,
    });
    server = await startServer(appliance.config);
    const [own, other] = await Promise.all([appliance.makeTenant(), appliance.makeTenant()]);
    tenantId = own;
    stranger = await signInPerson(appliance, { [other]: 'admin' });
    platformAdmin = await signInPerson(appliance, {}, 'super_admin');
    const [member, reviewer, admin] = await Promise.all(
      ROLES.map((role) => signInPerson(appliance, { [own]: role })),
    );
    if (!member || !reviewer || !admin) throw new Error('nobody signed in');
    people = { member, reviewer, admin };
    hoursAgo = await signInPerson(appliance, { [own]: 'admin' }, 'super_admin');
    const { accountId, sessionId } = hoursAgo;
    const at = new Date(Date.now() - 3_600_000);
    await appliance.superuser.query(
      'update control.sessions set factor_at = $2, factor_seal = $3 where id = $1',
      [sessionId, at, appliance.parts.identity.rights.sealShown({ sessionId, accountId, at })],
    );
  });
  afterAll(async () => {
    await server.stop();
    await appliance.stop();
  });

  const call = ({ method, path, body }: Endpoint, who?: SignedIn): Promise<Answer> =>
    server.ask(
      method.toUpperCase(),
      path.replace(':tenantId', tenantId).replace(/:\w+/g, () => newId()),
      {
        ...(who ? { token: who.token } : {}),
        ...(method === 'post' && body === 'raw' ? { raw: Buffer.from('x') } : {}),
        ...(['post', 'patch'].includes(method) && body !== 'raw' ? { json: {} } : {}),
      },
    );
  const isForeign = ({ status, text }: Answer): boolean =>
    status === 404 && text.includes('No such tenant');

  it('ISO-04: name only permissions that a role can have', () => {
    const permissions = routes.flatMap(({ guard }) =>
      'permission' in guard ? [guard.permission] : [],
    );
    expect(permissions.filter((permission) => !ALL_PERMISSIONS.has(permission))).toEqual([]);
  });

  it.each(named('tenant'))("ISO-05: %s is its members' alone", async (_name, route) => {
    const permission = 'permission' in route.guard ? route.guard.permission : '';
    expect((await call(route)).status).toBe(401);
    // Another tenant's administrator and the platform's own see no such tenant.
    for (const who of [stranger, platformAdmin])
      expect(isForeign(await call(route, who))).toBe(true);
    for (const role of ROLES) {
      const answer = await call(route, people[role]);
      // The twin: whoever may passes the guard, and fails later, on the made-up id or the empty body.
      expect([role, answer.status === 403]).toEqual([role, !mayInTenant(role, permission)]);
      expect([401, 500]).not.toContain(answer.status);
      expect(isForeign(answer)).toBe(false);
    }
  });

  it.each(named('platform'))("RBA-03: %s is the platform's alone", async (_name, route) => {
    expect((await call(route)).status).toBe(401);
    expect((await call(route, people.admin)).status).toBe(403);
    // The twin passes the guard; it may fail on the made-up id, the empty body or the state.
    expect([200, 201, 202, 400, 404, 409]).toContain((await call(route, platformAdmin)).status);
  });

  it.each(fresh)('MFA-05: %s asks for a factor shown a short while ago', async (_name, route) => {
    const old = await call(route, hoursAgo);
    expect([old.status, old.text]).toEqual([403, expect.stringContaining('needs a second factor')]);
    // The twin: whoever has just shown one passes, and fails later.
    const { guard } = route;
    const { text } = await call(route, guard.kind === 'platform' ? platformAdmin : people.admin);
    expect(text).not.toMatch(/second_factor_required|step_up_required/);
  });

  it.each(named('authenticated'))('RBA-03: %s needs a session', async (_name, route) => {
    expect((await call(route)).status).toBe(401);
    // The twin passes the guard; it may fail on the made-up id, the empty body, or for want of a factor.
    const { status, text } = await call(route, people.member);
    expect([200, 201, 204, 400, 404, 409]).toContain(status);
    expect(text).not.toContain('second_factor_required');
  });
});
