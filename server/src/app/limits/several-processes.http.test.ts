import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { signInPerson, type SignedIn } from '../../../tests/sign-in-person.ts';
import { startAppliance, type TestAppliance } from '../../../tests/test-appliance.ts';
import { startServerProcess, type ServerProcess } from '../../../tests/start-server-process.ts';
import type { Answer } from '../../../tests/test-server.ts';
import { testConfig } from '../../../tests/test-appliance.ts';

const LIMITS = {
  CASEMATE_ANONYMOUS_PER_MINUTE: 60,
  CASEMATE_ACCOUNT_PER_MINUTE: 90,
  CASEMATE_REGISTRATION_PER_MINUTE: 3,
};

const countOf = (answers: readonly Answer[], status: number): number =>
  answers.filter((answer) => answer.status === status).length;

describe('limits of several processes', () => {
  let appliance: TestAppliance;
  let servers: ServerProcess[];
  let person: SignedIn;
  let tenantId: string;

  beforeAll(async () => {
    appliance = await startAppliance(LIMITS);
    const database = appliance.config.CASEMATE_DATABASE_NAME;
    // The second one's clock is an hour slow.
    servers = await Promise.all(
      [0, -1].map((hoursOff) => startServerProcess(testConfig(database, LIMITS), hoursOff)),
    );
    tenantId = await appliance.makeTenant();
    person = await signInPerson(appliance, { [tenantId]: 'admin' });
  });
  afterAll(async () => {
    await Promise.all(servers.map((server) => server.stop()));
    await appliance.stop();
  });

  /** So many requests at once, in turn to one process and the other. */
  const flood = (count: number, ask: (server: ServerProcess, n: number) => Promise<Answer>) =>
    Promise.all(
      Array.from({ length: count }, (_none, n) => {
        const server = servers[n % servers.length];
        if (!server) throw new Error('no server');
        return ask(server, n);
      }),
    );

  it('RAT-02: of 200 requests at once to two processes, exactly the limit is admitted', async () => {
    const from = '127.0.10.1';
    const answers = await flood(200, (server) =>
      server.ask('GET', '/.well-known/jwks.json', { from }),
    );
    expect([countOf(answers, 200), countOf(answers, 429)]).toEqual([60, 140]);
    const refused = answers.find(({ status }) => status === 429);
    expect(Number(refused?.headers['retry-after'])).toBeGreaterThan(0);
    expect(Number(refused?.headers['retry-after'])).toBeLessThanOrEqual(60);
  });

  it('RAT-01: signed-in people behind the same address are served, each from their own budget', async () => {
    const from = '127.0.10.1';
    const answers = await flood(150, (server) =>
      server.ask('GET', '/api/me', { token: person.token, from }),
    );
    expect([countOf(answers, 200), countOf(answers, 429)]).toEqual([90, 60]);
    const colleague = await signInPerson(appliance, { [tenantId]: 'member' });
    const others = await flood(20, (server) =>
      server.ask('GET', '/api/me', { token: colleague.token, from }),
    );
    expect(countOf(others, 200)).toBe(20);
  });

  it('RAT-01: the headers are those of the RateLimit draft', async () => {
    const [server] = servers;
    const answer = await server?.ask('GET', '/.well-known/jwks.json', { from: '127.0.10.2' });
    expect(answer?.headers['ratelimit-policy']).toMatch(
      /^"60-in-1min"; q=60; w=60; pk=:[\w+/=]+:$/,
    );
    expect(answer?.headers['ratelimit']).toMatch(/^"60-in-1min"; r=59; t=(?:60|59)$/);
  });

  it('RAT-01: three registrations a minute from one address, whichever process', async () => {
    const wish = {
      token: 'x'.repeat(43),
      email: 'a@example.invalid',
      name: 'A',
      password: 'Right-horse-77',
    };
    const answers = await flood(10, (server) =>
      server.ask('POST', '/api/setup', { json: wish, from: '127.0.10.3' }),
    );
    expect([countOf(answers, 404), countOf(answers, 429)]).toEqual([3, 7]);
  });

  it('AUT-04: of 100 wrong passwords at once to two processes, five are tried', async () => {
    const json = { email: 'target@example.invalid', password: 'Wrong-horse-77' };
    const answers = await flood(100, (server) =>
      server.ask('POST', '/api/session', { json, from: '127.0.10.4' }),
    );
    expect([countOf(answers, 401), countOf(answers, 429)]).toEqual([5, 95]);
    const again = await flood(2, (server) =>
      server.ask('POST', '/api/session', { json, from: '127.0.10.4' }),
    );
    expect(countOf(again, 429)).toBe(2);
    expect(Number(again[0]?.headers['retry-after'])).toBeGreaterThan(14 * 60);
    const elsewhere = await servers[0]?.ask('POST', '/api/session', { json, from: '127.0.10.5' });
    expect(elsewhere?.status).toBe(401);
  });

  it('AUT-04: the lockout is written once, with its audit event, and ends when its time is over', async () => {
    const { rows: lockouts } = await appliance.superuser.query<{ id: string; minutes: number }>(
      `select id, round(extract(epoch from locked_until - locked_at) / 60)::integer as minutes
       from control.lockouts where kind = 'pair'`,
    );
    expect(lockouts.map(({ minutes }) => minutes)).toEqual([15]);
    const { rows: events } = await appliance.superuser.query<{ after: object; ip: string }>(
      `select after, host(ip) as ip from control.audit_events
       where action = 'session.lock' and resource_id = $1`,
      [lockouts[0]?.id],
    );
    expect(events).toEqual([
      { ip: '127.0.10.4', after: { of: 'pair', account: null, failures: 5, seconds: 900 } },
    ]);
    await appliance.superuser.query(
      `update control.lockouts set locked_at = locked_at - interval '15 minutes',
         locked_until = locked_until - interval '15 minutes'`,
    );
    const json = { email: 'target@example.invalid', password: 'Wrong-horse-77' };
    const answers = await flood(6, (server) =>
      server.ask('POST', '/api/session', { json, from: '127.0.10.4' }),
    );
    expect([countOf(answers, 401), countOf(answers, 429)]).toEqual([5, 1]);
  });
});
