import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { SignJWT } from 'jose';
import {
  REDIRECT,
  DOMAIN,
  ORIGIN,
  startDirectoryDesk,
  type DirectoryDesk,
} from '../../../../tests/directory-desk.ts';
import { unsecured, type Lie } from '../../../../tests/lying-provider.ts';
import { signInPerson } from '../../../../tests/sign-in-person.ts';
import { softPasskey } from '../../../../tests/soft-passkey.ts';
import type { Answer } from '../../../../tests/test-server.ts';
import { enrol, type Asked } from '../../../../tests/use-authenticator.ts';
import { openSession } from '../../start-session.ts';

type Options = { challenge: string; options: { challenge: string } };
type Session = {
  accessToken: string;
  account: { id: string };
  tenants: { id: string; role: string }[];
};

describe('AUT-06: sign-in at an OpenID provider', () => {
  let desk: DirectoryDesk;

  beforeAll(async () => {
    desk = await startDirectoryDesk();
  });
  afterAll(() => desk.stop());
  beforeEach(() => desk.reset());

  it('AUT-06: goes out with code, PKCE, state and nonce; the secret of the client is in no answer', async () => {
    const began = await desk.post('/api/session/sso', { connection: desk.ofReal }, null);
    const { url } = desk.away(began);
    const params = Object.fromEntries(url.searchParams);
    expect(params).toMatchObject({
      response_type: 'code',
      client_id: 'casemate',
      redirect_uri: REDIRECT,
      code_challenge_method: 'S256',
      scope: 'openid email profile',
    });
    for (const name of ['state', 'nonce', 'code_challenge'])
      expect(params[name]).toMatch(/^[\w-]{43}$/);
    const listed = await desk.server.ask('GET', `/api/tenants/${desk.tenantId}/connections`, {
      token: desk.admin.token,
    });
    for (const { text } of [began, listed]) expect(text).not.toContain(desk.real.secret);
    expect(String(began.headers['set-cookie'])).toMatch(/HttpOnly; Secure; SameSite=Strict/);
  });

  it('AUT-06: makes a verified account with the role of its groups, at a real provider', async () => {
    const groups = { mappings: [{ group: 'leads', role: 'reviewer' }], defaultRole: null };
    const connection = await desk.connect(
      desk.real.issuer,
      { secret: desk.real.secret, ...groups },
      { scopes: ['groups'] },
    );
    const person = {
      email: `ada@${DOMAIN}`,
      email_verified: true,
      name: 'Ada',
      groups: ['guests'],
    };
    const go = async (): Promise<Answer> => {
      const each = await desk.begin(connection);
      const back = await desk.real.signIn(each.url.href, 'ada');
      const { code = '', iss, state } = Object.fromEntries(back.searchParams);
      expect(state).toBe(each.state);
      return desk.answer(each, { code, ...(iss ? { iss } : {}) });
    };
    desk.real.people.set('ada', person);
    expect((await go()).status).toBe(403);
    desk.real.people.set('ada', { ...person, email_verified: false, groups: ['leads'] });
    expect((await go()).status).toBe(403);
    desk.real.people.set('ada', { ...person, groups: ['leads'] });
    const signedIn = await go();
    expect(signedIn.status).toBe(201);
    const { account, tenants, accessToken } = signedIn.json<Session>();
    expect(tenants.map(({ id, role }) => [id, role])).toEqual([[desk.tenantId, 'reviewer']]);
    const { rows } = await desk.appliance.superuser.query<{ by: string }>(
      'select email_verified_by as by from control.accounts where id = $1',
      [account.id],
    );
    expect(rows[0]?.by).toBe('directory');
    expect((await desk.server.ask('GET', '/api/me', { token: accessToken })).status).toBe(200);
    // No token of the provider comes as far as the browser (ASVS 10.1.1).
    expect(signedIn.text).not.toMatch(/id_token|access_token/);
  });

  it('AUT-06: an answer is heard once, in the browser that began, and of nobody who only knows the state', async () => {
    const one = await desk.begin();
    const two = await desk.begin();
    const thief = { cookie: `__Secure-casemate-sso=${randomBytes(32).toString('base64url')}` };
    for (const [who, state] of [
      [{ cookie: '' }, one.state],
      [thief, one.state],
      [two, one.state],
      [one, randomBytes(32).toString('base64url')],
    ] as const)
      expect((await desk.answer({ ...who, state }, { code: one.nonce })).status).toBe(410);
    const all = await Promise.all(Array.from({ length: 5 }, () => desk.comeBack(one)));
    expect(all.map(({ status }) => status).toSorted()).toEqual([201, 410, 410, 410, 410]);
    expect((await desk.comeBack(two)).status).toBe(201);
  });

  it('AUT-06: a code of another sign-in, put into this one, opens nothing', async () => {
    // At the lying provider the nonce tells; at the real one the verifier does too.
    const [victim, attacker] = [await desk.begin(), await desk.begin()];
    expect((await desk.answer(victim, { code: attacker.nonce })).status).toBe(403);
    desk.real.people.set('eve', { email: `eve@${DOMAIN}`, email_verified: true });
    const [own, stolen] = [await desk.begin(desk.ofReal), await desk.begin(desk.ofReal)];
    const back = await desk.real.signIn(stolen.url.href, 'eve');
    const code = back.searchParams.get('code') ?? '';
    expect((await desk.answer(own, { code, iss: desk.real.issuer })).status).toBe(403);
  });

  it('AUT-06: the answer of another issuer is refused, as is a description that calls itself otherwise', async () => {
    expect((await desk.comeBack(await desk.begin(), 'https://evil.example')).status).toBe(403);
    desk.liar.lie = { description: (right) => ({ ...right, issuer: 'https://evil.example' }) };
    expect((await desk.post('/api/session/sso', { connection: desk.ofLiar }, null)).status).toBe(
      503,
    );
    desk.liar.lie = {};
    expect((await desk.comeBack(await desk.begin(), desk.liar.issuer)).status).toBe(201);
  });

  it('AUT-06: sends nobody to a host that was not listed, whatever the description names', async () => {
    const begin = (): Promise<Answer> =>
      desk.post('/api/session/sso', { connection: desk.ofLiar }, null);
    for (const name of ['authorization_endpoint', 'end_session_endpoint', 'userinfo_endpoint']) {
      desk.liar.lie = { description: (right) => ({ ...right, [name]: 'https://phish.example/' }) };
      const refused = await begin();
      expect([refused.status, refused.text.includes('phish.example/')]).toEqual([409, false]);
    }
    desk.liar.lie = {};
    expect((await begin()).status).toBe(201);
  });

  it('MFA-05: the factor that a provider saw is as old as it says; where it does not say, it is not fresh', async () => {
    const admins = await desk.connect(
      desk.liar.issuer,
      { defaultRole: 'admin' },
      { trustedAmr: ['mfa'] },
    );
    const now = Math.floor(Date.now() / 1000);
    const compose = async (authTime: object): Promise<number> => {
      desk.said = desk.someone({ amr: ['mfa'], ...authTime });
      const { accessToken: token } = (await desk.signInBy(admins)).json<Session>();
      const path = `/api/tenants/${desk.tenantId}`;
      expect((await desk.server.ask('GET', `${path}/roles`, { token })).status).toBe(200);
      const json = { name: `Role of ${String(desk.said['sub'])}`, permissions: ['documents.read'] };
      return (await desk.server.ask('POST', `${path}/roles`, { token, json })).status;
    };
    for (const old of [{}, { auth_time: now - 8 * HOUR }, { auth_time: now - 660 }])
      expect(await compose(old)).toBe(403);
    expect(await compose({ auth_time: now - 60 })).toBe(201);
    // Of a clock that runs ahead it is of now, and lasts no longer.
    expect(await compose({ auth_time: now + 30 })).toBe(201);
    const { url } = await desk.begin(admins);
    expect(Number(url.searchParams.get('max_age'))).toBeGreaterThan(0);
  });

  const PASSWORD = ['Correct', 'horse', '7'].join('-');
  const giveHash = async (id: string): Promise<void> => {
    const { superuser, parts } = desk.appliance;
    const passwordHash = await parts.identity.hasher.hash(PASSWORD);
    const { rows } = await superuser.query<{ auditId: string; email: string; factors: string }>(
      `update control.accounts set password_hash = $2 where id = $1
       returning audit_id as "auditId", email, control.factor_facts(id) as factors`,
      [id, passwordHash],
    );
    const facts = { id, platformRole: null, passwordHash } as const;
    for (const row of rows)
      await superuser.query('update control.accounts set seal = $2 where id = $1', [
        ...[id, parts.identity.rights.sealAccount({ ...row, ...facts })],
      ]);
  };

  it('AUT-06: what is made in a session of a tenant’s directory opens nothing beyond that tenant later', async () => {
    const { superuser, contextOf, parts } = desk.appliance;
    const ask = (method: string, path: string, token: string, json?: object): Promise<Answer> =>
      desk.server.ask(method, path, { token, ...(json ? { json } : {}) });
    const first = (await desk.signInBy()).json<Session>();
    const accountId = first.account.id;
    const key = softPasskey(ORIGIN);
    const made = (
      await ask('POST', '/api/me/factors/passkeys/challenge', first.accessToken)
    ).json<Options>();
    const planted = await ask('POST', '/api/me/factors/passkeys', first.accessToken, {
      ...{ challenge: made.challenge, name: 'Planted', response: key.register(made.options) },
    });
    expect(planted.status).toBe(201);
    const [code = '', another = ''] = planted.json<{ recoveryCodes: string[] }>().recoveryCodes;
    const alone = async (): Promise<number> => {
      const { challenge, options } = (
        await desk.post('/api/session/passkey/challenge', {}, null)
      ).json<Options>();
      const json = { challenge, response: key.assert(options) };
      return (await desk.post('/api/session/passkey', json, null)).status;
    };
    // It is no way in of its own, whoever holds it: the directory's word is.
    expect(await alone()).toBe(401);
    const shown = async (by: (asked: Asked) => object): Promise<Answer> => {
      const asked = (await desk.signInBy()).json<Asked>();
      return desk.post(
        '/api/session/factor',
        { challenge: asked.challenge, answer: by(asked) },
        null,
      );
    };
    const byKey = ({ passkey }: Asked): object => ({
      kind: 'passkey',
      response: key.assert({ challenge: String(passkey?.['challenge']) }),
    });
    const here = await shown(byKey);
    expect(here.status).toBe(201);
    const { accessToken } = here.json<Session>();
    // Nor does the session take anything on, or away, that is not of the tenant.
    const admin = await signInPerson(desk.appliance, { [desk.other]: 'admin' });
    const json = { email: String(desk.said['email']), role: 'admin' };
    const invited = await desk.post(`/api/tenants/${desk.other}/invitations`, json, admin);
    const token = invited.json<{ link: string }>().link.split('#')[1] ?? '';
    const accept = (who: string): Promise<Answer> =>
      ask('POST', '/api/me/invitations', who, { token });
    expect((await accept(accessToken)).status).toBe(403);
    await giveHash(accountId);
    const byPassword = async (): Promise<Asked> =>
      (
        await desk.post('/api/session', { email: desk.said['email'], password: PASSWORD }, null)
      ).json<Asked>();
    expect(await byPassword()).toHaveProperty('challenge');
    const ctx = contextOf(null, null);
    const account = { ...{ id: accountId, auditId: accountId }, email: 'x', name: 'x' };
    const { sessionId } = await ctx.inControl((tx) =>
      openSession(tx, ctx, { ...account, platformRole: null, factorShown: true }),
    );
    const whole = (await parts.identity.tokens.issue({ accountId, sessionId })).accessToken;
    const mine = (await ask('GET', '/api/me/sessions', accessToken)).json<{ devices: object[] }>();
    expect(mine.devices).toHaveLength(2);
    expect((await accept(whole)).status).toBe(200);
    // It goes on being asked for beside the password, and is enough for nothing that the role demands.
    const known = await byPassword();
    expect(known).toHaveProperty('challenge');
    const came = await desk.post(
      '/api/session/factor',
      { challenge: known.challenge, answer: byKey(known) },
      null,
    );
    expect(came.json()).toMatchObject({ secondFactor: { due: true, enrolled: false } });
    // From now on the account can do more than its directory says, and what was planted does not.
    expect((await ask('POST', '/api/me/step-up/challenge', whole)).status).toBe(409);
    expect((await ask('GET', `/api/tenants/${desk.other}/documents`, whole)).status).toBe(403);
    expect(await alone()).toBe(401);
    expect((await shown(() => ({ kind: 'recovery', code }))).status).toBe(201);
    const narrow = await shown(byKey);
    const { accessToken: still, tenants } = narrow.json<Session>();
    expect(tenants.map(({ id }) => id)).toEqual([desk.tenantId]);
    for (const [method, path, body] of [
      ['PATCH', '/api/me', { name: 'Renamed' }],
      ['POST', '/api/me/factors/totp', { name: 'Another' }],
    ] as const)
      expect((await ask(method, path, still, body)).status).toBe(403);
    expect((await ask('DELETE', '/api/me/sessions', still)).status).toBe(200);
    expect((await ask('GET', '/api/me', whole)).status).toBe(200);
    // Her own factor is one everywhere, and the codes that were made with the other are none of hers.
    const codes = await superuser.query<{ hash: Buffer }>(
      'select hash from control.recovery_codes where account_id = $1',
      [accountId],
    );
    const app = await enrol(desk.server, whole);
    expect(app.recoveryCodes).toHaveLength(10);
    expect((await ask('GET', `/api/tenants/${desk.other}/documents`, whole)).status).toBe(200);
    const stepUp = (await ask('POST', '/api/me/step-up/challenge', whole)).json<Asked>();
    expect(stepUp.methods).toEqual(['totp', 'recovery']);
    // Not even where somebody writes them into the database as such.
    await superuser.query(
      'insert into control.recovery_codes (hash, account_id) select unnest($1::bytea[]), $2',
      [codes.rows.map(({ hash }) => hash), accountId],
    );
    const used = await ask('POST', '/api/me/step-up', whole, {
      ...{ challenge: stepUp.challenge, answer: { kind: 'recovery', code: another } },
    });
    expect(used.status).toBe(400);
    // A link for lost factors stands for a factor after her password, not after that directory's word.
    const { rows } = await superuser.query<{ email: string }>(
      'select email from control.accounts where id = $1',
      [accountId],
    );
    const { url } = (
      await desk.post('/api/platform/factor-resets', { email: rows[0]?.email }, desk.operator)
    ).json<{ url: string }>();
    const link = url.split('#reset=')[1];
    const { challenge } = (await desk.signInBy()).json<Asked>();
    expect((await desk.post('/api/session/reset', { challenge, link }, null)).status).toBe(403);
    expect((await ask('GET', '/api/me', whole)).status).toBe(200);
  });

  const HOUR = 3_600;
  it.each<[string, Lie]>([
    ['for another client', { claims: (right) => ({ ...right, aud: 'another' }) }],
    [
      'for several, without saying which',
      { claims: (right) => ({ ...right, aud: ['casemate', 'another'] }) },
    ],
    [
      'for several, by another',
      { claims: (right) => ({ ...right, aud: ['casemate', 'another'], azp: 'another' }) },
    ],
    ['of another issuer', { claims: (right) => ({ ...right, iss: 'https://evil.example' }) }],
    ['with another nonce', { claims: (right) => ({ ...right, nonce: 'x' }) }],
    ['without a nonce', { claims: ({ nonce: _nonce, ...right }) => right }],
    ['that has run out', { claims: (right) => ({ ...right, exp: Number(right.iat) - 61 }) }],
    ['of later', { claims: (right) => ({ ...right, nbf: Number(right.iat) + HOUR }) }],
    ['without a subject', { claims: ({ sub: _sub, ...right }) => right }],
    ['without a signature', { token: unsecured }],
    [
      'signed with the secret of the client',
      {
        token: (right) =>
          new SignJWT(right)
            .setProtectedHeader({ alg: 'HS256' })
            .sign(Buffer.from('a secret of the client, kept')),
      },
    ],
    [
      'signed by another algorithm of the same key',
      { token: (right) => desk.liar.sign(right, { alg: 'RS512' }).catch(() => unsecured(right)) },
    ],
    [
      'whose signature was cut',
      { token: async (right) => (await desk.liar.sign(right)).slice(0, -4) },
    ],
    [
      'with claims that were changed',
      {
        token: async (right) => {
          const [header = '', , signature = ''] = (await desk.liar.sign(right)).split('.');
          const body = Buffer.from(JSON.stringify({ ...right, sub: 'boss' })).toString('base64url');
          return `${header}.${body}.${signature}`;
        },
      },
    ],
    ['under keys that are gone', { keys: () => ({ keys: [] }) }],
    ['that is none', { body: '{"access_token":"x","token_type":"Bearer"}' }],
    ['in an answer that is no JSON', { body: '<html>' }],
    ['in half a megabyte', { body: `{"x":"${'x'.repeat(600_000)}"}` }],
    ['from elsewhere', { redirect: 'https://localhost:1/token' }],
  ])('AUT-06: refuses a token %s; the right one next to it is taken', async (_what, lie) => {
    const before = await desk.accounts();
    desk.liar.lie = lie;
    const refused = await desk.signInBy();
    expect([403, 503]).toContain(refused.status);
    expect(refused.headers['set-cookie']).toBeUndefined();
    expect(await desk.accounts()).toBe(before);
    desk.liar.lie = {};
    expect((await desk.signInBy()).status).toBe(201);
  });

  it('AUT-06: believes an address only where it is said to be verified, in so many words', async () => {
    for (const verified of [undefined, false, 'true', 1, null]) {
      desk.said = desk.someone({ email_verified: verified });
      expect((await desk.signInBy()).status).toBe(403);
    }
    desk.said = desk.someone({ email: undefined });
    expect((await desk.signInBy()).status).toBe(403);
    desk.said = desk.someone({ email: `x@evil.example` });
    expect((await desk.signInBy()).status).toBe(403);
    desk.said = desk.someone();
    expect((await desk.signInBy()).status).toBe(201);
  });

  it('AUT-06: keys that the provider has changed count at once', async () => {
    expect((await desk.signInBy()).status).toBe(201);
    await desk.liar.rotate();
    expect((await desk.signInBy()).status).toBe(201);
  });

  it('AUT-06: a clock that is off by less than a minute is no fault', async () => {
    desk.liar.lie = {
      claims: (right) => ({ ...right, iat: Number(right.iat) + 50, exp: Number(right.iat) - 40 }),
    };
    expect((await desk.signInBy()).status).toBe(201);
  });

  it('AUT-06: a provider that does not answer is said to be so, in time', async () => {
    const each = await desk.begin();
    desk.liar.lie = { waitMs: 20_000 };
    const began = Date.now();
    const refused = await desk.comeBack(each);
    expect(refused.status).toBe(503);
    expect(Date.now() - began).toBeLessThan(15_000);
  }, 30_000);
});
