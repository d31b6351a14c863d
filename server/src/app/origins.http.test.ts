import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { signInPerson, type SignedIn } from '../../tests/sign-in-person.ts';
import { startAppliance, type TestAppliance } from '../../tests/test-appliance.ts';
import { startServer, type Answer, type TestServer } from '../../tests/test-server.ts';
import { createChat } from '../chat/index.ts';
import type { IdentityParts } from '../identity/index.ts';
import { newId, type Endpoint } from '../platform/index.ts';
import { routeTable } from './routes.ts';

const PORTAL = 'https://portal.example';
const chat = createChat({ search: () => Promise.resolve([]) });
const routes = routeTable({ identity: {} as IdentityParts, chat });
const all = routes.map((route): [string, Endpoint] => [`${route.method} ${route.path}`, route]);
const named = all.filter(([, route]) => !route.fromOtherSites);
const fromOtherSites = all.filter(([, route]) => route.fromOtherSites);
const changing = named.filter(([, { method }]) => method !== 'get');

describe('requests from other origins', () => {
  let appliance: TestAppliance;
  let server: TestServer;
  let person: SignedIn;
  let tenantId: string;

  beforeAll(async () => {
    appliance = await startAppliance({
      CASEMATE_ANONYMOUS_PER_MINUTE: 10_000,
      CASEMATE_CORS_ORIGINS: [PORTAL],
      CASEMATE_TRUSTED_PROXIES: ['127.0.0.9', '10.1.0.0/16'],
    });
    server = await startServer(appliance.config);
    tenantId = await appliance.makeTenant();
    person = await signInPerson(appliance, { [tenantId]: 'admin' }, 'super_admin');
  });
  afterAll(async () => {
    await server.stop();
    await appliance.stop();
  });

  const call = (
    { method, path, body }: Endpoint,
    headers: Record<string, string>,
  ): Promise<Answer> =>
    server.ask(
      method.toUpperCase(),
      // Ids of nothing: what is let in must do no harm to the next call.
      path.replace(/:\w+/g, () => newId()),
      {
        token: person.token,
        headers,
        ...(body === 'raw' ? { raw: Buffer.from('x') } : {}),
        ...(['post', 'patch', 'put'].includes(method) && body !== 'raw' ? { json: {} } : {}),
      },
    );
  const refused = ({ status, text }: Answer): boolean =>
    status === 403 && text.includes('another origin');

  it.each(named)('HDR-03: %s refuses origins that are not on the list', async (_name, route) => {
    const foreign = [
      'https://evil.example',
      'null',
      'https://portal.example.evil.example',
      'https://sub.portal.example',
      'http://portal.example',
      'https://portal.example:8443',
      `${PORTAL}, https://evil.example`,
      'https://localhost.evil.example',
      'http://localhost',
      '',
    ];
    for (const origin of foreign) {
      const answer = await call(route, { origin });
      expect([origin, refused(answer)]).toEqual([origin, true]);
      // Nothing is reflected, whatever was asked.
      expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    }
    // The twins: the dashboard, and the portal, which gets no credentials.
    const own = await call(route, { origin: server.origin, 'sec-fetch-site': 'same-origin' });
    const listed = await call(route, { origin: PORTAL, 'sec-fetch-site': 'cross-site' });
    expect([refused(own), refused(listed)]).toEqual([false, false]);
    expect(own.headers['access-control-allow-origin']).toBeUndefined();
    expect(listed.headers['access-control-allow-origin']).toBe(PORTAL);
    expect(listed.headers['access-control-allow-credentials']).toBeUndefined();
    for (const { headers } of [own, listed]) expect(headers['vary']).toMatch(/\bOrigin\b/);
  });

  it.each(changing)(
    'SES-04: %s refuses what a browser sends for another site',
    async (_n, route) => {
      for (const site of ['cross-site', 'same-site', 'none, cross-site'])
        expect(refused(await call(route, { 'sec-fetch-site': site }))).toBe(true);
      const forged = { origin: server.origin, 'sec-fetch-site': 'cross-site' };
      expect(refused(await call(route, forged))).toBe(true);
      for (const site of ['same-origin', 'none'])
        expect(refused(await call(route, { 'sec-fetch-site': site }))).toBe(false);
    },
  );

  it('SES-04: the one route that pages of other sites post to takes nothing of whoever is signed in', async () => {
    expect(fromOtherSites.map(([name]) => name)).toEqual(['post /api/session/saml/answer']);
    for (const path of [
      '/api/session/saml/answer/',
      '/api/session/saml/answer%2f',
      '/api//session/saml/answer',
    ])
      expect(
        refused(await server.ask('POST', path, { headers: { origin: 'https://evil.example' } })),
      ).toBe(true);
    for (const method of ['PUT', 'PATCH', 'DELETE']) {
      const headers = { origin: 'https://evil.example' };
      expect(refused(await server.ask(method, '/api/session/saml/answer', { headers }))).toBe(true);
    }
    const posted = await server.ask('POST', '/api/session/saml/answer', {
      raw: Buffer.from('SAMLResponse=x&RelayState=x'),
      headers: {
        origin: 'https://evil.example',
        'sec-fetch-site': 'cross-site',
        'content-type': 'application/x-www-form-urlencoded',
        cookie: `__Secure-casemate-refresh=${person.refreshToken}`,
      },
    });
    expect([posted.status, posted.headers['set-cookie']]).toEqual([303, undefined]);
    expect(posted.headers['location']).toMatch(/\/sign-in\/callback\?error=not_begun_here$/);
    expect(posted.headers['access-control-allow-origin']).toBeUndefined();
  });

  it('HDR-03: a preflight is answered for the list alone', async () => {
    const preflight = (origin: string): Promise<Answer> =>
      server.ask('OPTIONS', `/api/tenants/${tenantId}`, {
        headers: {
          origin,
          'access-control-request-method': 'PATCH',
          'access-control-request-headers': 'authorization,x-evil',
        },
      });
    const evil = await preflight('https://evil.example');
    expect(evil.status).toBe(403);
    expect(Object.keys(evil.headers).filter((name) => name.startsWith('access-'))).toEqual([]);
    const { status, headers } = await preflight(PORTAL);
    expect(status).toBe(204);
    expect(headers['access-control-allow-origin']).toBe(PORTAL);
    expect(headers['access-control-allow-methods']).toContain('PATCH');
    expect(headers['access-control-allow-headers']).not.toContain('evil');
    expect(headers['access-control-allow-credentials']).toBeUndefined();
    expect(headers['vary']).toMatch(/\bOrigin\b/);
  });

  it('HDR-03: a listed origin reads with a token, and the session cookie does nothing for it', async () => {
    const me = await server.ask('GET', '/api/me', {
      token: person.token,
      headers: { origin: PORTAL },
    });
    expect(me.status).toBe(200);
    expect(me.headers['access-control-expose-headers']).toContain('X-Request-Id');
    const refresh = await server.ask('POST', '/api/session/refresh', {
      headers: { origin: PORTAL, cookie: '__Secure-casemate-refresh=token' },
    });
    expect(refresh.status).toBe(403);
  });

  describe('through proxies', () => {
    /** The address that the audit log has of a refusal. */
    const recorded = async (
      from: string,
      headers: Record<string, string>,
    ): Promise<string | undefined> => {
      const member = await signInPerson(appliance, { [tenantId]: 'member' });
      const answer = await server.ask('GET', '/api/tenants', {
        token: member.token,
        from,
        headers,
      });
      expect(answer.status).toBe(403);
      const { rows } = await appliance.superuser.query<{ ip: string }>(
        'select host(ip) as ip from control.audit_events where request_id = $1',
        [answer.headers['x-request-id']],
      );
      return rows[0]?.ip;
    };

    it.each([
      ['a stranger who says who he is', '127.0.0.5', '198.51.100.1', '127.0.0.5'],
      ['a stranger who names a proxy', '127.0.0.5', '198.51.100.1, 127.0.0.9', '127.0.0.5'],
      ['a proxy', '127.0.0.9', '198.51.100.7', '198.51.100.7'],
      [
        'a client who forged the first address',
        '127.0.0.9',
        '10.9.9.9, 198.51.100.7',
        '198.51.100.7',
      ],
      ['two proxies', '127.0.0.9', '1.1.1.1, 198.51.100.7, 10.1.2.3', '198.51.100.7'],
      ['a proxy that passes on nonsense', '127.0.0.9', "'; drop table x --", '127.0.0.9'],
      [
        'a proxy that passes on nonsense in between',
        '127.0.0.9',
        '198.51.100.7, %00, 10.1.2.3',
        '127.0.0.9',
      ],
      ['a proxy that adds ports', '127.0.0.9', '198.51.100.7:4711', '198.51.100.7'],
      ['a proxy with IPv6 clients', '127.0.0.9', '[2001:db8::7]:4711', '2001:db8::7'],
      ['a proxy that writes IPv4 as IPv6', '127.0.0.9', '::ffff:198.51.100.7', '198.51.100.7'],
      ['a long list', '127.0.0.9', `${'198.51.100.9, '.repeat(500)}198.51.100.7`, '198.51.100.7'],
    ])('HDR-03: %s: the right-most address of no proxy counts', async (_who, from, list, ip) => {
      expect(await recorded(from, { 'x-forwarded-for': list })).toBe(ip);
    });

    it('HDR-03: the header of RFC 7239 is never read, and a host of the client never used', async () => {
      const headers = { forwarded: 'for=198.51.100.1;host=evil.example;proto=http' };
      expect(await recorded('127.0.0.9', headers)).toBe('127.0.0.9');
      const answer = await server.ask('GET', '/', {
        from: '127.0.0.9',
        headers: { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'http' },
      });
      expect(answer.status).toBe(308);
      expect(answer.headers['location']).toMatch(/^https:\/\/localhost/);
    });

    it('NET-01: what a proxy took without TLS is led to it or refused; nobody else can claim it', async () => {
      const ask = (method: string, from: string): Promise<Answer> =>
        server.ask(method, '/api/session', { from, headers: { 'x-forwarded-proto': 'http' } });
      expect((await ask('POST', '127.0.0.9')).status).toBe(403);
      expect((await ask('POST', '127.0.0.5')).status).toBe(400);
      const secure = await server.ask('GET', '/health/live', {
        from: '127.0.0.9',
        headers: { 'x-forwarded-proto': 'https' },
      });
      expect(secure.status).toBe(200);
    });
  });
});
