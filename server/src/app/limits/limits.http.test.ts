import { readFileSync, readdirSync } from 'node:fs';
import https from 'node:https';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { partsInfo } from '../../../tests/parts-info.ts';
import { signInPerson, type SignedIn } from '../../../tests/sign-in-person.ts';
import { startAppliance, type TestAppliance } from '../../../tests/test-appliance.ts';
import { startServer, type Answer, type TestServer } from '../../../tests/test-server.ts';

/** The process ids of this process's hashing children. */
function hashingProcesses(): number[] {
  const children = readdirSync('/proc/self/task').flatMap((task) =>
    readFileSync(`/proc/self/task/${task}/children`, 'utf8').split(' ').filter(Boolean),
  );
  return children
    .filter((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('hash-worker'))
    .map(Number);
}

const statusesOf = (answers: readonly Answer[]): number[] => answers.map(({ status }) => status);

describe('the budgets of strangers', () => {
  let appliance: TestAppliance;
  let server: TestServer;
  let person: SignedIn;

  beforeAll(async () => {
    appliance = await startAppliance({
      CASEMATE_ANONYMOUS_PER_MINUTE: 60,
      CASEMATE_SIGN_IN_FAILURES_PER_ADDRESS: 12,
      CASEMATE_SIGN_IN_FAILURES_PER_ACCOUNT: 5,
    });
    server = await startServer(appliance.config);
    person = await signInPerson(appliance);
  });
  afterAll(async () => {
    await server.stop();
    await appliance.stop();
  });

  const signIn = (email: string, from = '127.0.0.1'): Promise<Answer> =>
    server.ask('POST', '/api/session', { json: { email, password: 'Wrong-horse-77' }, from });

  it('AUT-04: one account tried from many addresses is locked over all of them, in any spelling', async () => {
    const addresses = ['127.0.1.1', '127.0.1.2', '127.0.1.3', '127.0.1.4'];
    const tries: Answer[] = [];
    for (const from of addresses)
      for (const email of ['one@example.invalid', 'ONE@example.invalid'])
        tries.push(await signIn(email, from));
    expect(statusesOf(tries)).toEqual([401, 401, 401, 401, 401, 429, 429, 429]);
  });

  it('AUT-04: one address that tries many accounts is locked, and another is not', async () => {
    const tries: Answer[] = [];
    for (let index = 0; index < 14; index += 1)
      tries.push(await signIn(`many${index}@example.invalid`, '127.0.2.1'));
    expect(statusesOf(tries).slice(0, 12)).toEqual(Array.from({ length: 12 }, () => 401));
    expect(statusesOf(tries).slice(12)).toEqual([429, 429]);
    expect((await signIn('other@example.invalid', '127.0.2.2')).status).toBe(401);
  });

  it('AUT-04: people who sign in at the same time behind one address are not refused', async () => {
    const tries = await Promise.all(
      Array.from({ length: 14 }, (_none, index) =>
        signIn(`crowd${index}@example.invalid`, '127.0.7.1'),
      ),
    );
    expect(statusesOf(tries)).not.toContain(429);
  });

  it('AUT-04: parallel tries do not slip through before the first has failed', async () => {
    const tries = await Promise.all(
      Array.from({ length: 12 }, () => signIn('parallel@example.invalid', '127.0.3.1')),
    );
    expect(tries.filter(({ status }) => status === 401)).toHaveLength(5);
  });

  it('RAT-01: sign-ins that are none write nothing, and an address has a budget for all of them', async () => {
    const from = '127.0.8.1';
    const tries = await Promise.all(
      Array.from({ length: 200 }, (_none, index) =>
        server.ask('POST', '/api/session', {
          json: { email: `odd${index}@example.invalid` },
          from,
        }),
      ),
    );
    const statuses = statusesOf(tries);
    expect(statuses.filter((status) => status === 400)).toHaveLength(120);
    expect(statuses.filter((status) => status === 429)).toHaveLength(80);
    const { rows } = await appliance.superuser.query<{ rows: number }>(
      `select count(*)::integer as rows from control.sign_in_tries where subject = sha256($1::bytea)`,
      [Buffer.from(from)],
    );
    expect(rows).toEqual([{ rows: 0 }]);
    expect((await signIn('odd@example.invalid', '127.0.8.2')).status).toBe(401);
  });

  it('RAT-01: a refresh whose sender hangs up is counted against the address', async () => {
    const from = '127.0.9.1';
    const ca = readFileSync(partsInfo().caFile);
    for (let index = 0; index < 80; index += 1)
      await new Promise<void>((done) => {
        const sent = https.request({
          host: '127.0.0.1',
          servername: 'localhost',
          port: server.port,
          ca,
          agent: false,
          method: 'POST',
          path: '/api/session/refresh',
          localAddress: from,
          headers: { cookie: `casemate_refresh=${index}` },
        });
        sent.on('error', () => undefined);
        sent.on('close', () => done());
        // Sent, and gone before the answer.
        sent.end(() => sent.destroy());
      });
    await new Promise((done) => setTimeout(done, 300));
    const late = await server.ask('POST', '/api/session/refresh', {
      headers: { cookie: 'casemate_refresh=again' },
      from,
    });
    expect(late.status).toBe(429);
  });

  it('RES-03: a hashing process that is killed during sign-ins ends no server', async () => {
    const tries = ['a', 'b', 'c'].map((name) => signIn(`${name}@example.invalid`, '127.0.4.1'));
    while (hashingProcesses().length === 0) await new Promise((done) => setTimeout(done, 10));
    for (const pid of hashingProcesses()) process.kill(pid, 'SIGKILL');
    for (const { status } of await Promise.all(tries)) expect([401, 503]).toContain(status);
    expect((await signIn('d@example.invalid', '127.0.4.1')).status).toBe(401);
  });

  it('RAT-01: a stranger over the budget is refused before the body or a token is read', async () => {
    const from = '127.0.5.1';
    const ask = (token?: string): Promise<Answer> =>
      server.ask('POST', '/api/tenants', {
        raw: Buffer.from('{"not json'),
        headers: {
          'content-type': 'application/json',
          ...(token ? { authorization: `Bearer ${token}` } : {}),
        },
        from,
      });
    const forged = `${'a'.repeat(40)}.${'b'.repeat(40)}.${'c'.repeat(40)}`;
    const since = performance.now();
    const tries: Answer[] = [];
    // Few at a time: a host that is busy sheds what it cannot look at, budget or not.
    for (let round = 0; round < 14; round += 1)
      tries.push(
        ...(await Promise.all(
          Array.from({ length: 5 }, (_none, index) => ask(index % 2 === 0 ? undefined : forged)),
        )),
      );
    const statuses = statusesOf(tries);
    const refused = statuses.filter((status) => status === 429).length;
    // Each second gives one of the sixty back.
    expect(refused).toBeLessThanOrEqual(10);
    expect(refused).toBeGreaterThanOrEqual(9 - (performance.now() - since) / 1_000);
    expect(statuses).not.toContain(500);
    const me = await server.ask('GET', '/api/me', { token: person.token, from });
    expect(me.status).toBe(200);
  });

  it('RAT-01: probes of health have a budget of their own and take nobody’s', async () => {
    const from = '127.0.6.1';
    const probes = await Promise.all(
      Array.from({ length: 100 }, () => server.ask('GET', '/health/live', { from })),
    );
    expect(new Set(statusesOf(probes))).toEqual(new Set([200]));
    expect((await server.ask('GET', '/.well-known/jwks.json', { from })).status).toBe(200);
  });
});
