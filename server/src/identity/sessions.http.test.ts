import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startAppliance, type TestAppliance } from '../../tests/test-appliance.ts';
import { startServer, type Answer, type TestServer } from '../../tests/test-server.ts';
import { makeSetupLink } from './index.ts';

type Session = { accessToken: string; account: { id: string; platformRole: string | null } };

const PASSWORD = 'Correct-horse-7';

describe('sessions over HTTP', () => {
  let appliance: TestAppliance;
  let server: TestServer;
  const email = 'first@example.invalid';

  beforeAll(async () => {
    appliance = await startAppliance({
      CASEMATE_ANONYMOUS_PER_MINUTE: 10_000,
      CASEMATE_REGISTRATION_PER_MINUTE: 1_000,
      CASEMATE_REFRESH_PER_MINUTE: 1_000,
    });
    server = await startServer(appliance.config);
  });
  afterAll(async () => {
    await server.stop();
    await appliance.stop();
  });

  const newLink = async (): Promise<string> =>
    (await makeSetupLink(appliance.contextOf(null, null))).token;
  const setUp = (token: string, body: object = {}): Promise<Answer> =>
    server.ask('POST', '/api/setup', {
      json: { token, email, name: 'First', password: PASSWORD, ...body },
    });
  const cookieOf = (answer: Answer): string =>
    String(answer.headers['set-cookie']).split(';')[0] ?? '';
  const refresh = (cookie: string, headers: Record<string, string> = {}): Promise<Answer> =>
    server.ask('POST', '/api/session/refresh', {
      headers: { cookie, origin: server.origin, host: `localhost:${server.port}`, ...headers },
    });
  const signIn = (password: string, who = email): Promise<Answer> =>
    server.ask('POST', '/api/session', { json: { email: who, password } });

  it('nobody becomes administrator by being first: a made-up link is refused', async () => {
    const answer = await setUp('x'.repeat(43));
    expect(answer.status).toBe(404);
    expect(answer.json<{ code: string }>().code).toBe('not_found');
  });

  it('AUT-02: a weak password is refused and the link stays good', async () => {
    const token = await newLink();
    for (const password of ['short-1A', 'onlysmallletters', `Long-1${'x'.repeat(80)}`]) {
      expect((await setUp(token, { password })).status).toBe(400);
    }
    expect((await server.ask('GET', `/api/setup/${token}`)).status).toBe(200);
  });

  it('a set-up link works once, of four that try it at the same time', async () => {
    const token = await newLink();
    const answers = await Promise.all(
      Array.from({ length: 4 }, (_none, index) =>
        setUp(token, { email: `racer${index}@example.invalid` }),
      ),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
  });

  it('a newer link ends the older', async () => {
    const older = await newLink();
    const newer = await newLink();
    expect((await setUp(older)).status).toBe(404);
    const answer = await setUp(newer);
    expect(answer.status).toBe(201);
    expect(answer.json<Session>().account.platformRole).toBe('super_admin');
  });

  it('SES-03, SES-04: the refresh token travels in an HttpOnly, Secure, SameSite=Strict cookie alone', async () => {
    const answer = await signIn(PASSWORD);
    expect(answer.headers['set-cookie']?.[0]).toMatch(
      /^__Secure-casemate-refresh=[\w-]{43}; Max-Age=\d+; Path=\/api\/session; HttpOnly; Secure; SameSite=Strict$/,
    );
    expect(answer.text).not.toContain(cookieOf(answer).split('=')[1]);
  });

  it('AUT-01: a wrong password and an unknown account answer alike', async () => {
    const wrong = await signIn('Wrong-horse-77');
    const unknown = await signIn(PASSWORD, 'nobody@example.invalid');
    expect([wrong.status, unknown.status]).toEqual([401, 401]);
    expect(wrong.json<{ detail: string }>().detail).toBe(unknown.json<{ detail: string }>().detail);
  });

  it('AUT-01: the password is stored as bcrypt of cost 12 and appears nowhere else', async () => {
    const { rows } = await appliance.superuser.query<{ password_hash: string }>(
      'select password_hash from control.accounts where email = $1',
      [email],
    );
    expect(rows[0]?.password_hash).toMatch(/^\$2b\$12\$/);
  });

  it('SES-04: the refresh cookie from another origin, or from none, is refused', async () => {
    const cookie = cookieOf(await signIn(PASSWORD));
    expect((await refresh(cookie, { origin: 'https://evil.example' })).status).toBe(403);
    expect((await refresh(cookie, { origin: '' })).status).toBe(403);
    expect((await refresh(cookie)).status).toBe(200);
  });

  it('SES-02: an old refresh token ends all sessions of the account', async () => {
    const first = await signIn(PASSWORD);
    const other = await signIn(PASSWORD);
    const second = await refresh(cookieOf(first));
    await refresh(cookieOf(second));
    expect((await refresh(cookieOf(first))).status).toBe(401);
    expect((await refresh(cookieOf(other))).status).toBe(401);
  });

  it('SES-02: a lost answer is no reuse: within ten seconds the retry gets a token', async () => {
    const first = await signIn(PASSWORD);
    const lost = await refresh(cookieOf(first));
    const retried = await refresh(cookieOf(first));
    expect([lost.status, retried.status]).toEqual([200, 200]);
    expect((await refresh(cookieOf(retried))).status).toBe(200);
  });

  it('SES-02: the answer that a retry revoked ends all sessions when somebody presents it', async () => {
    const ends = async (): Promise<number> => {
      const { rowCount } = await appliance.superuser.query(
        `select from control.audit_events where action = 'session.end_all'`,
      );
      return rowCount ?? 0;
    };
    const before = await ends();
    const first = await signIn(PASSWORD);
    const [person, thief] = [await refresh(cookieOf(first)), await refresh(cookieOf(first))];
    expect((await refresh(cookieOf(person))).status).toBe(401);
    expect((await refresh(cookieOf(thief))).status).toBe(401);
    expect(await ends()).toBe(before + 1);
  });

  const liveTokens = async (cookie: string): Promise<number> => {
    const token = cookie.split('=')[1] ?? '';
    const { rows } = await appliance.superuser.query<{ count: string }>(
      `select count(*) from control.refresh_tokens token
       join control.sessions session on session.id = token.session_id
       where session.id = (select session_id from control.refresh_tokens where hash = $1)
         and token.used_at is null and token.revoked_at is null and session.ended_at is null`,
      [appliance.parts.platform.pepper.mac('refresh-token', token)],
    );
    return Number(rows[0]?.count);
  };

  it('SES-02: of fifty parallel uses of one refresh token one successor lives', async () => {
    const cookie = cookieOf(await signIn(PASSWORD));
    const answers = await Promise.all(Array.from({ length: 50 }, () => refresh(cookie)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(await liveTokens(cookie)).toBe(1);
  });

  it('SES-02: a token presented while its successor is being used leaves no second chain', async () => {
    const first = cookieOf(await signIn(PASSWORD));
    const second = cookieOf(await refresh(first));
    const holder = await appliance.superuser.connect();
    try {
      // Holds the person's refresh back after it has used the second token, before it commits.
      await holder.query('begin');
      await holder.query('select from control.sessions for no key update');
      const person = refresh(second);
      await setTimeout(300);
      const thief = refresh(first);
      await setTimeout(300);
      await holder.query('commit');
      expect((await thief).status).toBe(401);
      expect((await person).status).toBeLessThan(500);
      expect(await liveTokens(first)).toBe(0);
    } finally {
      holder.release();
    }
  });

  it('SES-01: an access token of another key, algorithm, audience or kind is refused', async () => {
    const { accessToken } = (await signIn(PASSWORD)).json<Session>();
    const [header = '', claims = '', signature = ''] = accessToken.split('.');
    const encode = (value: object): string =>
      Buffer.from(JSON.stringify(value)).toString('base64url');
    const forged = [
      `${encode({ alg: 'none', typ: 'at+jwt' })}.${claims}.`,
      `${encode({ alg: 'HS256', typ: 'at+jwt', kid: 'v1' })}.${claims}.${signature}`,
      `${header}.${encode({ ...(JSON.parse(Buffer.from(claims, 'base64url').toString()) as object), sub: 'x' })}.${signature}`,
      `${header}.${claims}.${'A'.repeat(signature.length)}`,
    ];
    for (const token of forged)
      expect(
        (await server.ask('GET', '/api/me', { token: `${token}${'x'.repeat(0)}` })).status,
      ).toBe(401);
    expect((await server.ask('GET', '/api/me', { token: accessToken })).status).toBe(200);
  });

  it('SES-01: the published keys verify the token', async () => {
    const { keys } = (await server.ask('GET', '/.well-known/jwks.json')).json<{
      keys: { kty: string; d?: string }[];
    }>();
    expect(keys[0]).toMatchObject({ kty: 'RSA', alg: 'RS256', use: 'sig' });
    expect(keys[0]).not.toHaveProperty('d');
  });

  it('signing out ends the session within two seconds', async () => {
    const answer = await signIn(PASSWORD);
    const { accessToken } = answer.json<Session>();
    expect((await server.ask('GET', '/api/me', { token: accessToken })).status).toBe(200);
    const out = await server.ask('DELETE', '/api/session', {
      headers: {
        cookie: cookieOf(answer),
        origin: server.origin,
        host: `localhost:${server.port}`,
      },
    });
    expect(out.status).toBe(204);
    expect((await server.ask('GET', '/api/me', { token: accessToken })).status).toBe(401);
  });

  it('AUT-04: after five wrong passwords the sixth try waits, for this account and address alone', async () => {
    const tries = await Promise.all(
      Array.from({ length: 7 }, () => signIn('Wrong-horse-77', 'locked@example.invalid')),
    );
    expect(tries.filter(({ status }) => status === 429).length).toBeGreaterThanOrEqual(1);
    expect((await signIn(PASSWORD)).status).toBe(201);
  });
});
