import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { SignJWT } from 'jose';
import {
  DOMAIN,
  ORIGIN,
  startDirectoryDesk,
  type DirectoryDesk,
} from '../../../../tests/directory-desk.ts';
import { unsecured } from '../../../../tests/lying-provider.ts';
import { signInPerson } from '../../../../tests/sign-in-person.ts';
import type { Answer } from '../../../../tests/test-server.ts';
import { answerWith, enrol } from '../../../../tests/use-authenticator.ts';
import { soon } from '../../../../tests/soon.ts';
import { newId } from '../../../platform/index.ts';
import { openSession } from '../../start-session.ts';

const EVENT = 'http://schemas.openid.net/event/backchannel-logout';

type Named = { id: string };
type Session = {
  accessToken: string;
  account: { id: string; platformRole: 'super_admin' | null };
  tenants: { id: string; role: string }[];
};

describe('sessions that a provider opened', () => {
  let desk: DirectoryDesk;

  beforeAll(async () => {
    desk = await startDirectoryDesk();
  });
  afterAll(() => desk.stop());
  beforeEach(() => desk.reset());

  it('AUT-06: the address of whoever runs the platform takes nobody there; their own yes does, for that tenant alone', async () => {
    const email = `boss@${DOMAIN}`;
    const { rights } = desk.appliance.parts.identity;
    const boss = await signInPerson(
      desk.appliance,
      { [desk.tenantId]: 'member', [desk.other]: 'member' },
      'super_admin',
    );
    const facts = {
      id: boss.accountId,
      auditId: boss.auditId,
      email,
      platformRole: 'super_admin',
    } as const;
    await desk.appliance.superuser.query(
      'update control.accounts set email = $2, seal = $3 where id = $1',
      [boss.accountId, email, rights.sealAccount({ ...facts, passwordHash: '!', factors: null })],
    );
    desk.said = desk.someone({ email });
    const refused = await desk.signInBy();
    expect([refused.status, refused.text.includes('security settings')]).toEqual([403, true]);
    const linking = desk.away(
      await desk.post('/api/me/identities', { connection: desk.ofLiar }, boss),
    );
    // Somebody else's browser or session ends what they have begun nowhere.
    expect((await desk.answer(linking, { code: linking.nonce }, desk.admin.token)).status).toBe(
      403,
    );
    const again = desk.away(
      await desk.post('/api/me/identities', { connection: desk.ofLiar }, boss),
    );
    const linked = await desk.answer(again, { code: again.nonce }, boss.token);
    expect(linked.json()).toEqual({ linked: true });
    const { accessToken, account, tenants } = (await desk.signInBy()).json<Session>();
    expect([account.id, account.platformRole]).toEqual([boss.accountId, null]);
    expect(tenants.map(({ id }) => id)).toEqual([desk.tenantId]);
    const seen = (path: string): Promise<number> =>
      desk.server.ask('GET', path, { token: accessToken }).then(({ status }) => status);
    expect(await seen('/api/platform/guards')).toBe(403);
    expect(await seen(`/api/tenants/${desk.other}/documents`)).toBe(404);
    // Nor is a passkey or a code made there, which would open the rest.
    for (const [path, json] of [
      ['totp', { name: 'Taken' }],
      ['passkeys/challenge', {}],
    ] as const) {
      const made = await desk.server.ask('POST', `/api/me/factors/${path}`, {
        token: accessToken,
        json,
      });
      expect([made.status, made.text.includes('can do more')]).toEqual([403, true]);
    }
    // The same account by its own means: nothing is taken from it.
    const own = await desk.server.ask('GET', `/api/tenants/${desk.other}/documents`, {
      token: boss.token,
    });
    expect(own.status).toBe(200);
  });

  it('MFA-01: a second factor of ours is asked after the provider, unless the connection trusts what the provider saw', async () => {
    const { account, accessToken } = (await desk.signInBy()).json<Session>();
    const app = await enrol(desk.server, accessToken);
    const asked = await desk.signInBy();
    const { challenge } = asked.json<{ challenge: string }>();
    expect(asked.headers['set-cookie']).toBeUndefined();
    const code = await app.code();
    const signedIn = await answerWith(desk.server, challenge, { kind: 'totp', code });
    expect(signedIn.status).toBe(201);
    const { rows } = await desk.appliance.superuser.query<{ only: string; by: string }>(
      `select only_tenant as only, connection_id as by from control.sessions
       where account_id = $1 order by created_at desc limit 1`,
      [account.id],
    );
    expect(rows[0]).toEqual({ only: desk.tenantId, by: desk.ofLiar });
    // The word of a provider that nobody said to trust is none.
    desk.said = { ...desk.said, amr: ['mfa'] };
    expect((await desk.signInBy()).json()).toHaveProperty('challenge');
    const trusting = await desk.connect(desk.liar.issuer, {}, { trustedAmr: ['mfa', 'hwk'] });
    expect((await desk.signInBy(trusting)).json()).toHaveProperty('accessToken');
    desk.said = { ...desk.said, amr: ['pwd'] };
    expect((await desk.signInBy(trusting)).json()).toHaveProperty('challenge');
  });

  it('AUT-06: a test shows what the provider says and what would come of it, and changes nothing', async () => {
    const path = `/api/tenants/${desk.tenantId}/connections/${desk.ofLiar}/test`;
    const stranger = await signInPerson(desk.appliance, { [desk.other]: 'admin' });
    const before = await desk.accounts();
    expect((await desk.post(path, {}, stranger)).status).toBe(404);
    const each = desk.away(await desk.post(path, {}));
    expect((await desk.answer(each, { code: each.nonce })).status).toBe(403);
    const again = desk.away(await desk.post(path, {}));
    const shown = await desk.answer(again, { code: again.nonce }, desk.admin.token);
    expect(shown.json()).toMatchObject({
      tested: {
        decision: { outcome: 'admitted', account: 'create' },
        claims: { email: desk.said['email'] },
      },
    });
    expect([await desk.accounts(), shown.headers['set-cookie']]).toEqual([before, undefined]);
  });

  const logout = (token: string, type = 'application/x-www-form-urlencoded'): Promise<Answer> =>
    desk.server.ask('POST', '/api/session/sso/back-channel', {
      raw: Buffer.from(`logout_token=${token}`),
      headers: { 'content-type': type },
    });
  const logoutClaims = (more: object = {}): Record<string, unknown> => ({
    iss: desk.liar.issuer,
    aud: 'casemate',
    iat: Math.floor(Date.now() / 1000),
    jti: newId(),
    events: { [EVENT]: {} },
    sub: desk.said['sub'],
    ...more,
  });

  it('SES-02: a sign-out that the provider tells ends the session within two seconds; nothing else does', async () => {
    desk.said = desk.someone({ sid: 'at the provider' });
    const session = (await desk.signInBy()).json<Session>();
    const me = async (): Promise<number> =>
      (await desk.server.ask('GET', '/api/me', { token: session.accessToken })).status;
    for (const wrong of [
      { aud: 'another' },
      { iss: 'https://evil.example' },
      { nonce: 'x' },
      { events: {} },
      { events: undefined },
      { events: { [EVENT]: 'x' } },
      { sub: undefined },
      { jti: undefined },
      { iat: Math.floor(Date.now() / 1000) - 3_600 },
      { exp: Math.floor(Date.now() / 1000) - 120 },
    ])
      expect((await logout(await desk.liar.sign(logoutClaims(wrong)))).status).toBe(400);
    const forged = await new SignJWT(logoutClaims())
      .setProtectedHeader({ alg: 'HS256' })
      .sign(randomBytes(32));
    expect((await logout(forged)).status).toBe(400);
    expect((await logout(unsecured(logoutClaims()))).status).toBe(400);
    expect((await logout(await desk.liar.sign(logoutClaims()), 'application/json')).status).toBe(
      415,
    );
    // Of another session, and of another person.
    expect((await logout(await desk.liar.sign(logoutClaims({ sid: 'another' })))).status).toBe(200);
    expect((await logout(await desk.liar.sign(logoutClaims({ sub: 'another' })))).status).toBe(200);
    expect([await me(), await desk.sessionsOf(session.account.id)]).toEqual([200, 1]);
    const right = await desk.liar.sign(logoutClaims({ sid: 'at the provider' }));
    expect((await logout(right)).status).toBe(200);
    expect(await me()).toBe(401);
    expect((await logout(right)).status).toBe(400);
    // Without a session all of the person by this connection.
    const [one, two] = [
      (await desk.signInBy()).json<Session>(),
      (await desk.signInBy()).json<Session>(),
    ];
    expect((await logout(await desk.liar.sign(logoutClaims()))).status).toBe(200);
    for (const { accessToken } of [one, two])
      expect((await desk.server.ask('GET', '/api/me', { token: accessToken })).status).toBe(401);
  });

  it('SES-02: a sign-out is heard by every connection to that provider, not by the oldest alone', async () => {
    desk.said = desk.someone({ sid: 'of both' });
    const second = await desk.connect(desk.liar.issuer);
    const tokens: string[] = [];
    for (const connection of [desk.ofLiar, second])
      tokens.push((await desk.signInBy(connection)).json<Session>().accessToken);
    const me = (): Promise<number[]> =>
      Promise.all(
        tokens.map(async (token) => (await desk.server.ask('GET', '/api/me', { token })).status),
      );
    expect(await me()).toEqual([200, 200]);
    const right = await desk.liar.sign(logoutClaims({ sid: 'of both' }));
    expect((await logout(right)).status).toBe(200);
    expect(await me()).toEqual([401, 401]);
    expect((await logout(right)).status).toBe(400);
  });

  it('says where one signs out at the provider, too, without a token of it', async () => {
    desk.real.people.set('bea', { email: `bea@${DOMAIN}`, email_verified: true, name: 'Bea' });
    const each = await desk.begin(desk.ofReal);
    const jar = new Map<string, string>();
    const back = await desk.real.signIn(each.url.href, 'bea', jar);
    const { code = '', iss } = Object.fromEntries(back.searchParams);
    const { accessToken: token } = (
      await desk.answer(each, { code, ...(iss ? { iss } : {}) })
    ).json<Session>();
    const { url } = (await desk.server.ask('GET', '/api/me/sign-out', { token })).json<{
      url: string;
    }>();
    const { origin, searchParams } = new URL(url);
    expect([origin, Object.fromEntries(searchParams)]).toEqual([
      desk.real.issuer,
      { client_id: 'casemate', post_logout_redirect_uri: `${ORIGIN}/sign-in` },
    ]);
    const own = await desk.server.ask('GET', '/api/me/sign-out', { token: desk.admin.token });
    expect(own.json()).toEqual({ url: null });
  });

  it('ends what a connection opened when it is switched off, and begins nothing by it any more', async () => {
    const connection = await desk.connect(desk.liar.issuer);
    const { accessToken: token } = (await desk.signInBy(connection)).json<Session>();
    const each = await desk.begin(connection);
    await desk.post(`/api/tenants/${desk.tenantId}/connections/${connection}/state`, {
      state: 'off',
    });
    expect((await desk.comeBack(each)).status).toBe(403);
    expect((await desk.post('/api/session/sso', { connection }, null)).status).toBe(404);
    await soon();
    expect((await desk.server.ask('GET', '/api/me', { token })).status).toBe(401);
  });

  it('AUT-06: a factor that is shown after the connection was switched off, or the person signed out there, opens nothing', async () => {
    const connection = await desk.connect(desk.liar.issuer);
    desk.said = desk.someone({ sid: 'with a factor' });
    const { accessToken, account } = (await desk.signInBy(connection)).json<Session>();
    const app = await enrol(desk.server, accessToken);
    const asked = async (): Promise<string> =>
      (await desk.signInBy(connection)).json<{ challenge: string }>().challenge;
    const show = async (challenge: string, code: string): Promise<number> =>
      (await answerWith(desk.server, challenge, { kind: 'totp', code })).status;
    const turn = (state: 'off' | 'active'): Promise<Answer> =>
      desk.post(`/api/tenants/${desk.tenantId}/connections/${connection}/state`, { state });
    const [off, again] = [await asked(), await asked()];
    await turn('off');
    const { auditId } = desk.admin;
    const by = { connectionId: connection, onlyTenant: desk.tenantId, providerSession: null };
    const ctx = desk.appliance.contextOf(null, null);
    // Whoever was let in a moment before is late.
    const late = ctx.inControl((tx) =>
      openSession(tx, ctx, { ...account, auditId, email: 'x', name: 'x', by }),
    );
    await expect(late).rejects.toMatchObject({ code: 'gone' });
    expect(await show(off, await app.code())).toBe(410);
    // Nor does it after it was switched on again: what it had begun is over.
    await turn('active');
    expect(await show(again, await app.code())).toBe(410);
    const heard = await asked();
    const token = await desk.liar.sign(logoutClaims({ sid: 'with a factor' }));
    expect((await logout(token)).status).toBe(200);
    const code = await app.code();
    expect(await show(heard, code)).toBe(410);
    // What it would open is under its seal: the whole account it is for nobody who writes the database.
    const widened = await asked();
    await desk.appliance.superuser.query(
      'update control.factor_challenges set only_tenant = null where connection_id = $1',
      [connection],
    );
    expect(await show(widened, code)).toBe(410);
    expect(await show(await asked(), code)).toBe(201);
  });

  it('AUT-06: a connection that somebody rewrote in the database leads nobody anywhere, and hears nobody', async () => {
    const connection = await desk.connect(desk.liar.issuer, {}, { client: 'casemate' });
    const ending = { end_session_endpoint: `${desk.liar.issuer}/end` };
    desk.liar.lie = { description: (right) => ({ ...right, ...ending }) };
    desk.said = desk.someone({ sid: 'of the rewritten' });
    const { accessToken: token } = (await desk.signInBy(connection)).json<Session>();
    const seen = async (): Promise<unknown[]> => {
      const ways = await desk.post('/api/session/ways', { email: `x@${DOMAIN}` }, null);
      const begun = await desk.post('/api/session/sso', { connection }, null);
      const out = await desk.server.ask('GET', '/api/me/sign-out', { token });
      return [
        ways.text.includes(connection),
        begun.status,
        out.json<{ url: unknown }>().url !== null,
      ];
    };
    expect(await seen()).toEqual([true, 201, true]);
    const each = await desk.begin(connection);
    const rewrite = (client: string): Promise<unknown> =>
      desk.appliance.superuser.query(
        `update control.connections set settings = settings || jsonb_build_object('client', $2::text)
         where id = $1`,
        [connection, client],
      );
    await rewrite('of the thief');
    const audience = { aud: 'of the thief', sid: 'of the rewritten' };
    expect(await seen()).toEqual([false, 404, false]);
    expect((await desk.comeBack(each)).status).toBe(404);
    expect((await logout(await desk.liar.sign(logoutClaims(audience)))).status).toBe(400);
    expect((await desk.server.ask('GET', '/api/me', { token })).status).toBe(200);
    await rewrite('casemate');
    expect(await seen()).toEqual([true, 201, true]);
    // Nor is a sign-in that has begun another than the server wrote.
    const moved = await desk.begin(connection);
    await desk.appliance.superuser.query(
      'update control.sign_in_flows set connection_id = $1 where connection_id = $2',
      [desk.ofLiar, connection],
    );
    expect((await desk.comeBack(moved)).status).toBe(410);
  });

  it('AUT-06: nobody connects, or takes from, their account in a session of a directory, nor long after signing in', async () => {
    const second = await desk.connect(desk.liar.issuer);
    const { accessToken: token } = (await desk.signInBy()).json<Session>();
    const begin = (who: string): Promise<Answer> =>
      desk.server.ask('POST', '/api/me/identities', { token: who, json: { connection: second } });
    const linking = desk.away(await begin(token));
    const refused = await desk.answer(linking, { code: linking.nonce }, token);
    expect([refused.status, refused.text.includes('with your password')]).toEqual([403, true]);
    // Of a tenant in which one is not, no directory is connected.
    const guest = await signInPerson(desk.appliance, { [desk.other]: 'member' });
    const outside = desk.away(await begin(guest.token));
    expect((await desk.answer(outside, { code: outside.nonce }, guest.token)).status).toBe(404);
    const person = await signInPerson(desk.appliance, { [desk.tenantId]: 'member' });
    const right = desk.away(await begin(person.token));
    expect((await desk.answer(right, { code: right.nonce }, person.token)).status).toBe(201);
    const unlink = (): Promise<Answer> =>
      desk.server.ask('DELETE', `/api/me/identities/${second}`, { token: person.token });
    const age = (hours: number): Promise<unknown> =>
      desk.appliance.superuser.query(
        `update control.sessions set created_at = now() - make_interval(hours => $2) where id = $1`,
        [person.sessionId, hours],
      );
    await age(3);
    const late = await unlink();
    expect([late.status, late.text.includes('step_up_required')]).toEqual([403, true]);
    await age(0);
    expect((await unlink()).status).toBe(204);
  });

  it('names the ways of a domain, and nothing of whom there is', async () => {
    const ways = (email: string | null): Promise<string[]> =>
      desk
        .post('/api/session/ways', { email }, null)
        .then((each) => each.json<{ ways: { id: string }[] }>().ways.map(({ id }) => id));
    expect(await ways('nobody@elsewhere.example')).toEqual([]);
    expect(await ways(null)).toEqual([]);
    expect(await ways(`nobody@${DOMAIN}`)).toEqual(
      expect.arrayContaining([desk.ofReal, desk.ofLiar]),
    );
    // A tenant puts its way on nobody else's address: what it lists and has not shown to be its own is none.
    const reaching = await desk.connect(desk.liar.issuer, { domains: [DOMAIN, 'victim.example'] });
    expect(await ways('boss@victim.example')).toEqual([]);
    const owner = await signInPerson(desk.appliance, { [desk.other]: 'admin' });
    const path = `/api/tenants/${desk.other}/email-domains`;
    const { id } = (await desk.post(path, { domain: 'victim.example' }, owner)).json<Named>();
    const seen = { tenantId: desk.other, domain: 'victim.example' };
    await desk.post(`/api/platform/email-domain-claims/${id}/confirm`, seen, desk.operator);
    expect(await ways('boss@victim.example')).toEqual([]);
    expect(await ways(`nobody@${DOMAIN}`)).toContain(reaching);
  });

  it('AUT-06: a secret that is kept goes to no other place than it was given for', async () => {
    const path = `/api/tenants/${desk.tenantId}/connections`;
    const secret = 'kept-for-this-place';
    const id = await desk.connect(desk.real.issuer, { secret });
    const put = async (settings: object, more: object = {}): Promise<number> => {
      const json = {
        ...{ kind: 'oidc', name: 'House', domains: [DOMAIN], justInTime: true, mappings: [] },
        ...{ defaultRole: 'member', settings: { client: 'casemate', ...settings }, ...more },
      };
      return (await desk.server.ask('PUT', `${path}/${id}`, { token: desk.admin.token, json }))
        .status;
    };
    const [issuer, elsewhere] = [desk.real.issuer, desk.liar.issuer];
    expect(await put({ issuer: elsewhere })).toBe(409);
    expect(await put({ issuer, client: 'another' })).toBe(409);
    // The twins: what is not told there changes alone, and the place with the secret.
    expect(await put({ issuer, groupsClaim: 'roles' })).toBe(200);
    expect(await put({ issuer: elsewhere }, { secret })).toBe(200);
    const gone = await desk.server.ask('DELETE', `${path}/${id}`, { token: desk.admin.token });
    expect(gone.status).toBe(204);
  });
});
