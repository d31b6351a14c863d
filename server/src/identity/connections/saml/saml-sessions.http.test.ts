import { createPrivateKey, createSign } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomId } from '../../../../tests/lying-saml-provider.ts';
import {
  DOMAIN,
  ORIGIN,
  packed,
  startSamlDesk,
  unpacked,
  type SamlDesk,
} from '../../../../tests/saml-desk.ts';
import type { Answer } from '../../../../tests/test-server.ts';
import { enrol } from '../../../../tests/use-authenticator.ts';
import { makeOwnKey, type OwnKey } from './own-key.ts';
import { selfSigned } from './self-signed.ts';

type Session = { accessToken: string; account: { id: string } };

const SHA256 = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256';

describe('sessions that a SAML provider opened', () => {
  let desk: SamlDesk;
  let connection: string;

  beforeAll(async () => {
    desk = await startSamlDesk();
    connection = await desk.connect({ signOutUrl: desk.liar.signOutUrl });
  });
  afterAll(() => desk.stop());
  beforeEach(() => desk.somebody());

  const path = (id = connection): string => `/api/tenants/${desk.tenantId}/connections/${id}`;
  const save = async (settings: object, more: object = {}): Promise<void> => {
    const saved = await desk.server.ask('PUT', path(), {
      token: desk.admin.token,
      json: {
        ...{ kind: 'saml', name: 'House', domains: [DOMAIN], justInTime: true, mappings: [] },
        ...{ defaultRole: 'member', settings: desk.settings(settings), ...more },
      },
    });
    if (saved.status !== 200) throw new Error(saved.text);
  };
  const me = async (token: string): Promise<number> =>
    (await desk.server.ask('GET', '/api/me', { token })).status;
  const signedIn = async (more: object = {}): Promise<Session> =>
    (await desk.signInBy(connection, more)).json<Session>();

  it('AUT-06: any of several certificates counts while it is in force, and no other', async () => {
    const [old, next] = [await makeOwnKey(new Date()), await makeOwnKey(new Date())];
    const by = async (key: OwnKey): Promise<number> => {
      const each = await desk.begin(connection);
      return (await desk.comeBack(each, desk.liar.good(desk.said(each), { key }))).status;
    };
    await save({ certificates: [old.certificate] });
    expect([await by(old), await by(next)]).toEqual([201, 403]);
    await save({ certificates: [old.certificate, next.certificate] });
    expect([await by(old), await by(next)]).toEqual([201, 201]);
    await save({ certificates: [next.certificate] });
    expect([await by(old), await by(next)]).toEqual([403, 201]);
    // The same key under a certificate that has run out proves nothing.
    const key = createPrivateKey(old.key);
    const day = 86_400_000;
    const [from, until] = [new Date(Date.now() - 2 * day), new Date(Date.now() - day)];
    const ended = selfSigned({ key, commonName: 'Old', from, until }).toString('base64');
    await save({ certificates: [ended, next.certificate] });
    expect([await by(old), await by(next)]).toEqual([403, 201]);
    const listed = await desk.server.ask('GET', `/api/tenants/${desk.tenantId}/connections`, {
      token: desk.admin.token,
    });
    type Listed = { connections: { id: string; saml: { certificates: { until: string }[] } }[] };
    const shown = listed.json<Listed>().connections.find(({ id }) => id === connection);
    expect(shown?.saml.certificates.map((one) => Date.parse(one.until) > Date.now())).toEqual([
      false,
      true,
    ]);
    const alone = await desk.server.ask('PUT', path(), {
      token: desk.admin.token,
      json: {
        ...{ kind: 'saml', name: 'House', domains: [DOMAIN], justInTime: true, mappings: [] },
        ...{ defaultRole: 'member', settings: desk.settings({ certificates: [ended] }) },
      },
    });
    expect([alone.status, alone.text.includes('No certificate')]).toEqual([409, true]);
    await save({ signOutUrl: desk.liar.signOutUrl });
  });

  it('AUT-06: a link is of one provider and of what names people there: another entity finds nobody by it', async () => {
    const { account } = await signedIn();
    await save({ signOutUrl: desk.liar.signOutUrl, subjectAttribute: 'number' });
    const attributes = { email: [`other-${desk.person.email}`], number: [desk.person.nameId] };
    const other = await signedIn({ attributes });
    expect(other.account.id).not.toBe(account.id);
    // Two values, or none, name nobody.
    for (const number of [[], ['a', 'b']])
      expect((await desk.signInBy(connection, { attributes: { number } })).status).toBe(403);
    await save({ signOutUrl: desk.liar.signOutUrl });
    // Linked, whatever the address says now; and what it says vouches for nothing where nobody said so.
    const again = await signedIn({ attributes: { email: ['x@evil.example'] } });
    expect(again.account.id).toBe(account.id);
    await save({ signOutUrl: desk.liar.signOutUrl, mailVouched: false });
    desk.somebody();
    expect((await desk.signInBy(connection)).status).toBe(403);
    await save({ signOutUrl: desk.liar.signOutUrl });
  });

  it('AUT-06: at a connection of the platform a certificate that was added finds nobody whom another has linked', async () => {
    const domain = 'platform.example';
    const { operator, tenantId, liar, person } = desk;
    await desk.post('/api/platform/email-domains', { domain }, operator);
    const wish = (certificates: string[]): object => ({
      ...{ kind: 'saml', name: 'All', domains: [domain], justInTime: true },
      mappings: [{ group: 'all', role: 'member', tenantId }],
      settings: desk.settings({ certificates }),
    });
    const own = liar.key.certificate;
    const made = await desk.post('/api/platform/connections', wish([own]), operator);
    const { id } = made.json<{ id: string }>();
    await desk.post(`/api/platform/connections/${id}/state`, { state: 'active' }, operator);
    const attributes = { email: [`${person.nameId}@${domain}`], groups: ['all'] };
    const by = async (key = liar.key): Promise<Answer> => {
      const each = await desk.begin(id);
      return desk.comeBack(each, liar.good(desk.said(each, { attributes }), { key }));
    };
    // The tenant's word for it, as it is at that moment.
    const letIn = async (): Promise<void> => {
      const place = `/api/tenants/${tenantId}/platform-connections`;
      const { token } = desk.admin;
      const { connections } = (await desk.server.ask('GET', place, { token })).json<{
        connections: { id: string; terms: string }[];
      }>();
      const { terms } = connections.find((one) => one.id === id) ?? {};
      const said = await desk.server.ask('PUT', `${place}/${id}`, { token, json: { terms } });
      expect(said.status).toBe(204);
    };
    await letIn();
    const { account } = (await by()).json<Session>();
    const evil = await makeOwnKey(new Date());
    const saved = await desk.server.ask('PUT', `/api/platform/connections/${id}`, {
      token: operator.token,
      json: wish([own, evil.certificate]),
    });
    expect(saved.status).toBe(200);
    await letIn();
    expect((await by(evil)).status).toBe(403);
    expect((await by()).json<Session>().account.id).toBe(account.id);
  });

  it('MFA-01: our second factor is asked after the directory, unless the connection trusts the context that it names', async () => {
    const { accessToken } = await signedIn();
    await enrol(desk.server, accessToken);
    const context = 'urn:oasis:names:tc:SAML:2.0:ac:classes:TimeSyncToken';
    expect((await desk.signInBy(connection, { context })).json()).toHaveProperty('challenge');
    await save({ signOutUrl: desk.liar.signOutUrl, trustedContexts: [context] });
    expect((await desk.signInBy(connection)).json()).toHaveProperty('challenge');
    const trusted = await signedIn({ context, authenticated: -3_600 });
    // It is as old as the directory says: nothing fresh for a step-up.
    const { rows } = await desk.appliance.superuser.query<{ seconds: number }>(
      `select extract(epoch from now() - factor_at)::float8 as seconds from control.sessions
       where account_id = $1 order by created_at desc limit 1`,
      [trusted.account.id],
    );
    expect(Math.round(Number(rows[0]?.seconds) / 60)).toBe(60);
    await save({ signOutUrl: desk.liar.signOutUrl });
  });

  it('AUT-06: a test shows what the directory says and why it is not believed, and changes nothing', async () => {
    const begin = async () => desk.away(await desk.post(`${path()}/test`, {}), connection);
    const before = await desk.accounts();
    const each = await begin();
    const { token } = desk.admin;
    const shown = await desk.comeBack(each, desk.liar.good(desk.said(each)), token);
    expect(shown.json()).toMatchObject({
      tested: {
        decision: { outcome: 'admitted', account: 'create' },
        claims: { subject: desk.person.nameId, email: [desk.person.email] },
      },
    });
    const wrong = await begin();
    const xml = desk.liar.good(desk.said(wrong, { recipient: 'https://evil.example' }));
    const named = await desk.comeBack(wrong, xml, token);
    expect([named.status, named.text.includes('Recipient')]).toEqual([403, true]);
    expect(await desk.accounts()).toBe(before);
  });

  type Wish = {
    nameId?: string;
    sessions?: readonly string[];
    issuer?: string;
    destination?: string;
    id?: string;
    at?: number;
    key?: OwnKey;
    algorithm?: string;
    hash?: string;
    change?: (query: string) => string;
    xml?: (right: string) => string;
  };
  const signOut = async (wish: Wish): Promise<Answer> => {
    const address = `${ORIGIN}/api/session/saml/${connection}/sign-out`;
    const { nameId = desk.person.nameId, sessions = [], key = desk.liar.key } = wish;
    const xml = [
      `<samlp:LogoutRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="${wish.id ?? randomId()}" Version="2.0" IssueInstant="${new Date(Date.now() + (wish.at ?? 0) * 1_000).toISOString()}" Destination="${wish.destination ?? address}">`,
      `<saml:Issuer>${wish.issuer ?? desk.liar.entityId}</saml:Issuer><saml:NameID>${nameId}</saml:NameID>`,
      ...sessions.map((one) => `<samlp:SessionIndex>${one}</samlp:SessionIndex>`),
      '</samlp:LogoutRequest>',
    ].join('');
    const query = new URLSearchParams({
      SAMLRequest: packed(wish.xml ? wish.xml(xml) : xml),
      RelayState: 'theirs',
      SigAlg: wish.algorithm ?? SHA256,
    }).toString();
    const signature = createSign(wish.hash ?? 'rsa-sha256')
      .update(query)
      .sign(key.key, 'base64');
    const whole = `${query}&${new URLSearchParams({ Signature: signature }).toString()}`;
    const { pathname } = new URL(address);
    return desk.server.ask('GET', `${pathname}?${wish.change ? wish.change(whole) : whole}`, {
      headers: { 'sec-fetch-site': 'cross-site' },
    });
  };

  it('SES-02: a sign-out that the directory signed ends the session, at once; nothing else does', async () => {
    const { accessToken: token } = await signedIn({ session: 'at the directory' });
    const sessions = ['at the directory'];
    const other = await makeOwnKey(new Date());
    const refused: Wish[] = [
      { key: other },
      { issuer: 'https://evil.example' },
      { destination: `${ORIGIN}/api/session/saml/x/sign-out` },
      { at: -3_600 },
      { at: 120 },
      { algorithm: 'http://www.w3.org/2000/09/xmldsig#rsa-sha1', hash: 'rsa-sha1' },
      { change: (query) => query.replace(/&Signature=.*/, '') },
      { change: (query) => query.replace('theirs', 'others') },
      { change: (query) => `SAMLRequest=${encodeURIComponent(packed('<x/>'))}&${query}` },
      { xml: (right) => `<!DOCTYPE a>${right}` },
      { xml: (right) => right.replace('<saml:NameID>', '<saml:NameID><!-- -->') },
      { xml: () => `<a>${' '.repeat(5_000_000)}</a>` },
    ];
    for (const wish of refused) expect((await signOut({ sessions, ...wish })).status).toBe(400);
    // Of another session, and of another person.
    expect((await signOut({ sessions: ['another'] })).status).toBe(303);
    expect((await signOut({ nameId: 'another' })).status).toBe(303);
    expect(await me(token)).toBe(200);
    const id = randomId();
    const right = await signOut({ sessions, id });
    expect(await me(token)).toBe(401);
    const to = new URL(String(right.headers['location']));
    expect([right.status, `${to.origin}${to.pathname}`]).toEqual([303, desk.liar.signOutUrl]);
    expect(unpacked(to.searchParams.get('SAMLResponse'))).toContain(`InResponseTo="${id}"`);
    expect([to.searchParams.get('RelayState'), to.searchParams.has('Signature')]).toEqual([
      'theirs',
      true,
    ]);
    expect((await signOut({ sessions, id })).status).toBe(400);
    // Without a session all of the person by this connection.
    const both = [await signedIn(), await signedIn()];
    expect((await signOut({})).status).toBe(303);
    for (const { accessToken } of both) expect(await me(accessToken)).toBe(401);
  });

  it('signs out at the directory, too, by the name that it gave in this session', async () => {
    const session = randomId();
    const { accessToken: token } = await signedIn({ session });
    const { rows } = await desk.appliance.superuser.query(
      'select * from control.names_at_providers',
    );
    expect(JSON.stringify(rows)).not.toContain(desk.person.nameId);
    const away = async (who: string): Promise<string | null> =>
      (await desk.server.ask('GET', '/api/me/sign-out', { token: who })).json<{
        url: string | null;
      }>().url;
    const url = new URL(String(await away(token)));
    expect(`${url.origin}${url.pathname}`).toBe(desk.liar.signOutUrl);
    const request = unpacked(url.searchParams.get('SAMLRequest'));
    for (const part of [`>${desk.person.nameId}<`, `>${session}<`, `${connection}/metadata<`])
      expect(request).toContain(part);
    expect(url.searchParams.has('Signature')).toBe(true);
    // Without a name of the session there is nothing to say.
    expect(await away((await signedIn()).accessToken)).toBeNull();
    const { pathname } = new URL(`${ORIGIN}/api/session/saml/${connection}/sign-out`);
    const back = await desk.server.ask('GET', `${pathname}?SAMLResponse=anything`);
    expect([back.status, back.headers['location']]).toEqual([303, `${ORIGIN}/sign-in`]);
  });

  it('says what is wrong with a description, and takes the keys that sign', async () => {
    const read = (metadata: string): Promise<Answer> =>
      desk.post(`/api/tenants/${desk.tenantId}/connections/saml-metadata`, { metadata });
    const { metadata } = desk.real;
    const right = await read(`<?xml version="1.0"?><!-- of the house -->${metadata}`);
    expect(right.json<{ certificates: string[] }>().certificates).toHaveLength(1);
    const wrong: [string, string][] = [
      ['<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>', 'DTD'],
      ['<a', 'well-formed'],
      ['<a/>', 'EntityDescriptor'],
      [metadata.replaceAll('IDPSSODescriptor', 'SPSSODescriptor'), 'no identity provider'],
      [metadata.replaceAll('https://directory.example/sign-on', 'http://x.example'), 'https'],
      [metadata.replaceAll('https://directory.example/sign-on', 'javascript:alert(1)'), 'https'],
      [metadata.replace(/<KeyDescriptor[^]*<\/KeyDescriptor>/, ''), 'certificate'],
      [`<a>${'<b>'.repeat(50)}${'</b>'.repeat(50)}</a>`, 'nests'],
    ];
    for (const [text, word] of wrong) {
      const refused = await read(text);
      expect([refused.status, word, refused.text.includes(word)]).toEqual([400, word, true]);
    }
    // A draft may wait for its provider, and lets nobody in before.
    const draft = await desk.draft({});
    expect(draft.status).toBe(201);
    const { id, saml } = draft.json<{ id: string; saml: { entityId: string } }>();
    expect(saml.entityId).toBe(`${ORIGIN}/api/session/saml/${id}/metadata`);
    expect((await desk.post(`${path(id)}/state`, { state: 'active' })).status).toBe(409);
    expect((await desk.post(`${path(id)}/test`, {})).status).toBe(409);
    for (const settings of [
      { certificates: ['x'] },
      { signOnUrl: 'http://liar.example' },
      { signOnUrl: 'javascript:alert(1)' },
      { entity: 'x'.repeat(2_000) },
      { more: 1 },
    ])
      expect((await desk.draft(settings)).status).toBe(400);
  });
});
