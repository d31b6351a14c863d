import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startAppliance, type TestAppliance } from '../../tests/test-appliance.ts';
import { signInPerson, type SignedIn } from '../../tests/sign-in-person.ts';
import { startServer, type TestServer } from '../../tests/test-server.ts';

type Problem = { status: number; code: string; detail: string; requestId: string };

describe('a request', () => {
  let appliance: TestAppliance;
  let server: TestServer;
  let tenantId: string;
  let otherId: string;
  let member: SignedIn;
  let admin: SignedIn;

  beforeAll(async () => {
    appliance = await startAppliance({ CASEMATE_ANONYMOUS_PER_MINUTE: 500 });
    server = await startServer(appliance.config);
    [tenantId, otherId] = await Promise.all([appliance.makeTenant(), appliance.makeTenant()]);
    member = await signInPerson(appliance, { [tenantId]: 'member' });
    admin = await signInPerson(appliance, {}, 'super_admin');
  });
  afterAll(async () => {
    await server.stop();
    await appliance.stop();
  });

  it('RES-03: an error is a problem document with a request id and no internals', async () => {
    const answer = await server.ask('GET', '/api/tenants/nonsense', { token: member.token });
    const problem = answer.json<Problem>();
    expect(answer.status).toBe(400);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(problem.requestId).toBe(answer.headers['x-request-id']);
    expect(answer.text).not.toMatch(/at .*\.ts|node_modules|select /);
  });

  it('ISO-05: a tenant that is not theirs is not found, and its twin is', async () => {
    const foreign = await server.ask('GET', `/api/tenants/${otherId}`, { token: member.token });
    const own = await server.ask('GET', `/api/tenants/${tenantId}`, { token: member.token });
    expect([foreign.status, own.status]).toEqual([404, 200]);
    expect(foreign.text).not.toContain('Test tenant');
  });

  it('RBA-03: without a session, or with too low a role, nothing of the platform opens', async () => {
    expect((await server.ask('GET', '/api/tenants')).status).toBe(401);
    expect((await server.ask('GET', '/api/tenants', { token: member.token })).status).toBe(403);
    expect((await server.ask('GET', '/api/tenants', { token: admin.token })).status).toBe(200);
  });

  it('AUD-01: a refusal is recorded with the pseudonym of the person, not the name', async () => {
    const { rows } = await appliance.superuser.query<{ actor_id: string }>(
      `select actor_id from control.audit_events where action = 'access.refuse' and outcome = 'refused'`,
    );
    expect(rows.map(({ actor_id }) => actor_id)).toContain(member.auditId);
  });

  it('INP-02: unknown fields, wrong types and a wrong content type are refused by name', async () => {
    const post = (json: object): ReturnType<TestServer['ask']> =>
      server.ask('POST', '/api/tenants', { token: admin.token, json });
    const unknown = await post({ name: 'A', colour: 'red' });
    const wrong = await post({ name: 7 });
    const plain = await server.ask('POST', '/api/tenants', {
      token: admin.token,
      raw: Buffer.from('{"name":"A"}'),
      headers: { 'content-type': 'text/plain' },
    });
    expect([unknown.status, wrong.status, plain.status]).toEqual([400, 400, 415]);
    expect(unknown.json<Problem>().detail).toContain('body.colour: is not a field');
  });

  it('INP-02: a body that is no JSON, too large, or compressed is refused clearly', async () => {
    const send = (raw: Buffer, headers: object = {}): ReturnType<TestServer['ask']> =>
      server.ask('POST', '/api/tenants', {
        token: admin.token,
        raw,
        headers: { 'content-type': 'application/json', ...headers },
      });
    const broken = await send(Buffer.from('{'));
    const large = await send(Buffer.from(`{"name":"${'x'.repeat(300_000)}"}`));
    const packed = await send(Buffer.from('{}'), { 'content-encoding': 'gzip' });
    expect([broken.status, large.status, packed.status]).toEqual([400, 413, 415]);
  });

  it('HDR-01: every answer carries the headers, errors and unknown paths too', async () => {
    for (const path of ['/health/live', '/api/nothing', '/api/me', '/assets/none.js', '/%ff']) {
      const { headers } = await server.ask('GET', path);
      expect(headers['strict-transport-security']).toBe(
        'max-age=31536000; includeSubDomains; preload',
      );
      expect(headers['content-security-policy']).toMatch(
        /default-src 'none'.*frame-ancestors 'none'/,
      );
      expect(headers['content-security-policy']).not.toMatch(/unsafe/);
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['x-frame-options']).toBe('DENY');
      expect(headers['referrer-policy']).toBe('strict-origin-when-cross-origin');
      expect(headers['permissions-policy']).toMatch(
        /camera=\(\), microphone=\(\), geolocation=\(\)/,
      );
      expect(headers['cross-origin-opener-policy']).toBe('same-origin');
      expect(headers['cross-origin-resource-policy']).toBe('same-origin');
      expect(headers['x-powered-by']).toBeUndefined();
    }
  });

  it('a new tenant is provisioned and its maker is a member within seconds', async () => {
    const made = await server.ask('POST', '/api/tenants', {
      token: admin.token,
      json: { name: 'Nordwind', language: 'de', joinAs: 'admin' },
    });
    expect(made.status).toBe(202);
    const { tenants } = (await server.ask('GET', '/api/me', { token: admin.token })).json<{
      tenants: { name: string; role: string }[];
    }>();
    expect(tenants).toMatchObject([{ name: 'Nordwind', role: 'admin' }]);
  });

  it('OBS-01: metrics are for the holder of their token, and name routes by their pattern', async () => {
    const token = readFileSync(join(appliance.config.CASEMATE_DATA_DIR, 'metrics-token'), 'utf8');
    for (const shown of [undefined, admin.token, `${token.slice(1)}A`, `${token}A`])
      expect((await server.ask('GET', '/metrics', shown ? { token: shown } : {})).status).toBe(401);
    const { text, status } = await server.ask('GET', '/metrics', { token });
    expect(status).toBe(200);
    expect(text).toContain('route="/api/tenants/:tenantId"');
    expect(text).not.toContain(tenantId);
    // It opens nothing else.
    expect((await server.ask('GET', '/api/me', { token })).status).toBe(401);
  });

  it('ready says which part is away', async () => {
    const answer = await server.ask('GET', '/health/ready');
    const { checks } = answer.json<{ checks: { id: string; status: string }[] }>();
    expect(checks).toContainEqual({ id: 'database', status: 'ok' });
    expect(checks).toContainEqual({ id: 'key-service', status: 'ok' });
    expect(checks).toContainEqual({ id: 'model-server', status: 'down' });
  });

  it('RAT-01: people without a session share a small budget, those with one have their own', async () => {
    const tries = await Promise.all(
      Array.from({ length: 520 }, () => server.ask('GET', '/.well-known/security.txt')),
    );
    const refused = tries.find(({ status }) => status === 429);
    expect(refused?.headers['retry-after']).toMatch(/^\d+$/);
    expect((await server.ask('GET', '/api/me', { token: member.token })).status).toBe(200);
  });
});
