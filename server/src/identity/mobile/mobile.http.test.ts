import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeJwt } from 'jose';
import { startAppliance, type TestAppliance } from '../../../tests/test-appliance.ts';
import { startServer, type Answer, type TestServer } from '../../../tests/test-server.ts';
import { authenticator, enrol } from '../../../tests/use-authenticator.ts';
import { makeSetupLink } from '../index.ts';

type Session = { accessToken: string; refreshToken: string; account: { id: string } };
type Asked = { challenge: string; methods: string[] };
type Person = { email: string; token: string; code: () => Promise<string>; codes: string[] };

const PASSWORD = 'Correct-horse-7';
const BROWSERS = [
  { origin: 'https://evil.example' },
  { cookie: 'a=b' },
  { 'sec-fetch-site': 'none' },
  { 'sec-fetch-mode': 'cors' },
];

describe('mobile clients', () => {
  let appliance: TestAppliance;
  let server: TestServer;
  let count = 0;

  beforeAll(async () => {
    appliance = await startAppliance({
      CASEMATE_ANONYMOUS_PER_MINUTE: 100_000,
      CASEMATE_REGISTRATION_PER_MINUTE: 1_000,
      CASEMATE_REFRESH_PER_MINUTE: 1_000,
      CASEMATE_SECOND_FACTOR_FAILURES: 500,
    });
    server = await startServer(appliance.config);
  });
  afterAll(async () => {
    await server.stop();
    await appliance.stop();
  });

  const post = (path: string, json: object, headers: Record<string, string> = {}) =>
    server.ask('POST', path, { json, headers });
  const me = (token: string, headers: Record<string, string> = {}): Promise<Answer> =>
    server.ask('GET', '/api/me', { token, headers });
  const verifier = (): { codeVerifier: string; codeChallenge: string } => {
    const codeVerifier = randomBytes(32).toString('base64url');
    return {
      codeVerifier,
      codeChallenge: createHash('sha256').update(codeVerifier).digest('base64url'),
    };
  };
  /** Somebody with an authenticator app. */
  const make = async (): Promise<Person> => {
    count += 1;
    const email = `person${count}@example.invalid`;
    const { token } = await makeSetupLink(appliance.contextOf(null, null));
    const json = { token, email, name: 'Person', password: PASSWORD };
    const { accessToken } = (await post('/api/setup', json)).json<Session>();
    const { recoveryCodes, ...app } = await enrol(server, accessToken);
    return { email, token: accessToken, code: authenticator(app).code, codes: recoveryCodes ?? [] };
  };
  const begin = (email: string, codeChallenge: string, headers = {}): Promise<Answer> =>
    post(
      '/api/mobile/session',
      { email, password: PASSWORD, device: 'Pixel 9', codeChallenge },
      headers,
    );
  type Shown = { challenge: string; codeVerifier: string; code: string };
  const answer = ({ challenge, codeVerifier, code }: Shown, headers = {}): Promise<Answer> =>
    post(
      '/api/mobile/session/factor',
      { challenge, codeVerifier, answer: { kind: 'recovery', code }, device: 'Pixel 9' },
      headers,
    );
  const signIn = async ({ email, codes }: Person): Promise<Session> => {
    const { codeVerifier, codeChallenge } = verifier();
    const { challenge } = (await begin(email, codeChallenge)).json<Asked>();
    const signedIn = await answer({ challenge, codeVerifier, code: codes.pop() ?? '' });
    if (signedIn.status !== 201) throw new Error(signedIn.text);
    return signedIn.json<Session>();
  };
  /** The refresh token of a browser. */
  const signInByBrowser = async ({ email, codes }: Person): Promise<Session> => {
    const { challenge } = (await post('/api/session', { email, password: PASSWORD })).json<Asked>();
    const given = { challenge, answer: { kind: 'recovery', code: codes.pop() ?? '' } };
    const signedIn = await post('/api/session/factor', given);
    const refreshToken = /__Secure-casemate-refresh=([\w-]{43})/.exec(
      String(signedIn.headers['set-cookie']),
    )?.[1];
    if (refreshToken === undefined) throw new Error(signedIn.text);
    return { ...signedIn.json<Session>(), refreshToken };
  };
  const refresh = (refreshToken: string, headers = {}): Promise<Answer> =>
    post('/api/mobile/session/refresh', { refreshToken }, headers);
  const refreshByCookie = (token: string): Promise<Answer> =>
    server.ask('POST', '/api/session/refresh', {
      headers: { cookie: `__Secure-casemate-refresh=${token}`, origin: server.origin },
    });

  it('SES-03: no browser gets a token of a phone: with its headers every step is refused', async () => {
    const person = await make();
    const { codeVerifier, codeChallenge } = verifier();
    const { challenge } = (await begin(person.email, codeChallenge)).json<Asked>();
    const { refreshToken } = await signIn(person);
    for (const headers of [...BROWSERS, { origin: server.origin }]) {
      const shown = { challenge, codeVerifier, code: person.codes[0] ?? '' };
      const answers = [
        await begin(person.email, codeChallenge, headers),
        await answer(shown, headers),
        await refresh(refreshToken, headers),
        await post('/api/mobile/session/end', { refreshToken }, headers),
      ];
      expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
      expect(answers.map(({ text }) => text).join()).not.toMatch(/[\w-]{43}/);
    }
    // Nothing was used up by any of them.
    const shown = { challenge, codeVerifier, code: person.codes.pop() ?? '' };
    expect((await answer(shown)).status).toBe(201);
    expect((await refresh(refreshToken)).status).toBe(200);
  });

  it('SES-03: a phone gets its refresh token in the body, and no cookie', async () => {
    const person = await make();
    const { codeVerifier, codeChallenge } = verifier();
    const asked = await begin(person.email, codeChallenge);
    const { challenge, methods } = asked.json<Asked>();
    const signedIn = await answer({ challenge, codeVerifier, code: person.codes.pop() ?? '' });
    const { refreshToken } = signedIn.json<Session>();
    const again = await refresh(refreshToken);
    expect(methods).toEqual(['totp', 'recovery']);
    expect([asked, signedIn, again].map(({ headers }) => headers['set-cookie'])).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(again.json<Session>().refreshToken).toMatch(/^[\w-]{43}$/);
    expect(again.headers['cache-control']).toContain('no-store');
  });

  it('SES-01: its access token lives 30 minutes and one of a browser 15', async () => {
    const person = await make();
    const lifeOf = (token: string): number => {
      const { exp = 0, iat = 0 } = decodeJwt(token);
      return exp - iat;
    };
    const mobile = await signIn(person);
    expect(lifeOf(mobile.accessToken)).toBe(1_800);
    const next = (await refresh(mobile.refreshToken)).json<Session>();
    expect(lifeOf(next.accessToken)).toBe(1_800);
    expect(lifeOf((await signInByBrowser(person)).accessToken)).toBe(900);
  });

  it('SES-01: a session of one kind has no token of the other', async () => {
    const person = await make();
    const [mobile, browser] = [await signIn(person), await signInByBrowser(person)];
    const { tokens } = appliance.parts.identity;
    for (const [session, client] of [
      [mobile, 'browser'],
      [browser, 'mobile'],
    ] as const) {
      const { sub: accountId = '', sid } = decodeJwt<{ sid: string }>(session.accessToken);
      const forged = await tokens.issue({ accountId, sessionId: sid, client });
      expect((await me(forged.accessToken)).status).toBe(401);
      expect((await me(session.accessToken)).status).toBe(200);
    }
    for (const headers of BROWSERS.slice(1))
      expect((await me(mobile.accessToken, headers)).status).toBe(403);
    expect((await me(browser.accessToken, { 'sec-fetch-site': 'same-origin' })).status).toBe(200);
  });

  it('SES-03: a refresh token of one kind opens nothing as the other, in cookie or body', async () => {
    const person = await make();
    const [mobile, browser] = [await signIn(person), await signInByBrowser(person)];
    expect((await refresh(browser.refreshToken)).status).toBe(401);
    expect((await refreshByCookie(mobile.refreshToken)).status).toBe(401);
    expect((await refresh(mobile.accessToken)).status).toBe(400);
    expect((await me(mobile.refreshToken)).status).toBe(401);
    await post('/api/mobile/session/end', { refreshToken: browser.refreshToken });
    expect((await refreshByCookie(browser.refreshToken)).status).toBe(200);
    expect((await refresh(mobile.refreshToken)).status).toBe(200);
  });

  it('SES-03: whoever writes into the database that a session is of another kind opens nothing', async () => {
    const person = await make();
    const { accessToken, refreshToken, account } = await signIn(person);
    await appliance.superuser.query(
      `update control.sessions set client = 'browser' where account_id = $1`,
      [account.id],
    );
    appliance.parts.identity.sessions.forget(decodeJwt<{ sid: string }>(accessToken).sid);
    expect((await refreshByCookie(refreshToken)).status).toBe(401);
    const next = await refresh(refreshToken);
    if (next.status === 200) expect((await me(next.json<Session>().accessToken)).status).toBe(401);
  });

  it('SES-02: of fifty parallel uses of one mobile refresh token one successor lives; reuse ends all', async () => {
    const person = await make();
    const [mobile, browser] = [await signIn(person), await signInByBrowser(person)];
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => refresh(mobile.refreshToken)),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    const { rows } = await appliance.superuser.query<{ live: number }>(
      `select count(*)::int as live from control.refresh_tokens token
       join control.sessions session on session.id = token.session_id
       where session.account_id = $1 and session.client = 'mobile'
         and token.used_at is null and token.revoked_at is null and session.ended_at is null`,
      [mobile.account.id],
    );
    expect(rows[0]?.live).toBe(1);
    const [first] = answers.map((each) => each.json<Session>().refreshToken);
    expect((await refresh(first ?? '')).status).toBe(401);
    expect((await refreshByCookie(browser.refreshToken)).status).toBe(401);
  });

  it('MFA-01: a challenge that was read on its way is answered by nobody without the verifier', async () => {
    const person = await make();
    const { codeVerifier, codeChallenge } = verifier();
    const { challenge } = (await begin(person.email, codeChallenge)).json<Asked>();
    const code = person.codes[0] ?? '';
    const stranger = verifier().codeVerifier;
    expect((await answer({ challenge, codeVerifier: stranger, code })).status).toBe(410);
    const inBrowser = { challenge, answer: { kind: 'recovery', code } };
    expect((await post('/api/session/factor', inBrowser)).status).toBe(410);
    const json = { email: person.email, password: PASSWORD };
    const ofBrowser = (await post('/api/session', json)).json<Asked>().challenge;
    expect((await answer({ challenge: ofBrowser, codeVerifier, code })).status).toBe(410);
    expect((await answer({ challenge, codeVerifier, code })).status).toBe(201);
    expect((await answer({ challenge, codeVerifier, code: person.codes[1] ?? '' })).status).toBe(
      410,
    );
  });

  it('MFA-04: three wrong codes end the challenge of a phone', async () => {
    const person = await make();
    const { codeVerifier, codeChallenge } = verifier();
    const { challenge } = (await begin(person.email, codeChallenge)).json<Asked>();
    const wrong = { challenge, codeVerifier, code: 'wrong-code' };
    const statuses = [];
    for (let tries = 0; tries < 3; tries += 1) statuses.push((await answer(wrong)).status);
    expect(statuses).toEqual([400, 400, 410]);
    expect((await answer({ ...wrong, code: person.codes[0] ?? '' })).status).toBe(410);
  });

  it('SES-02: it stands among the devices, is signed out there, and signs itself out', async () => {
    const person = await make();
    const [one, two] = [await signIn(person), await signIn(person)];
    const list = await server.ask('GET', '/api/me/sessions', { token: person.token });
    type Device = { id: string; client: string; userAgent: string };
    const phones = list
      .json<{ devices: Device[] }>()
      .devices.filter(({ client }) => client === 'mobile');
    expect(phones.map(({ userAgent }) => userAgent)).toEqual(['Pixel 9', 'Pixel 9']);
    const { sid } = decodeJwt<{ sid: string }>(one.accessToken);
    expect(
      (await server.ask('DELETE', `/api/me/sessions/${sid}`, { token: person.token })).status,
    ).toBe(204);
    expect((await me(one.accessToken)).status).toBe(401);
    expect((await refresh(one.refreshToken)).status).toBe(401);
    expect((await me(two.accessToken)).status).toBe(200);
    const out = { refreshToken: two.refreshToken };
    expect((await post('/api/mobile/session/end', out)).status).toBe(204);
    expect((await me(two.accessToken)).status).toBe(401);
  });

  it('a change of the host name ends no session of a phone', async () => {
    const person = await make();
    const { accessToken, refreshToken } = await signIn(person);
    const renamed = await startServer({
      ...appliance.config,
      CASEMATE_HOST_NAME: 'renamed.example.invalid',
    });
    try {
      expect((await renamed.ask('GET', '/api/me', { token: accessToken })).status).toBe(200);
      const json = { refreshToken };
      expect((await renamed.ask('POST', '/api/mobile/session/refresh', { json })).status).toBe(200);
    } finally {
      await renamed.stop();
    }
  });
});
