import { createVerify, X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  PERSISTENT,
  randomId,
  type Said,
  type Signing,
} from '../../../../tests/lying-saml-provider.ts';
import {
  ACS,
  base64,
  codeIn,
  DOMAIN,
  ORIGIN,
  readRequest,
  startSamlDesk,
  type Away,
  type SamlDesk,
} from '../../../../tests/saml-desk.ts';
import type { Answer } from '../../../../tests/test-server.ts';
import { wrapped } from '../../../../tests/wrapped-signatures.ts';
import { newId } from '../../../platform/index.ts';
import { makeOwnKey, type OwnKey } from './own-key.ts';

type Session = {
  accessToken: string;
  account: { id: string };
  tenants: { id: string; role: string }[];
};

describe('AUT-06: sign-in at a SAML provider', () => {
  let desk: SamlDesk;

  beforeAll(async () => {
    desk = await startSamlDesk();
  });
  afterAll(() => desk.stop());
  beforeEach(() => desk.somebody());

  it('AUT-06: makes a verified account with the role of its groups, at a real provider of another hand', async () => {
    const { metadata } = desk.real;
    const read = await desk.post(`/api/tenants/${desk.tenantId}/connections/saml-metadata`, {
      metadata,
    });
    expect(read.json()).toMatchObject({ entity: desk.real.entityId, signRequests: false });
    for (const signRequests of [false, true]) {
      const connection = await desk.connect(
        { ...read.json<object>(), signRequests },
        { mappings: [{ group: 'leads', role: 'reviewer' }], defaultRole: null },
      );
      const go = async (groups: string): Promise<Answer> => {
        const each = await desk.begin(connection);
        const own = await desk.server.ask('GET', new URL(each.audience).pathname);
        const { acsUrl, ...fields } = await desk.real.signIn(
          { url: each.url.href, ownMetadata: own.text },
          { ...desk.person, name: 'Ada', groups },
        );
        expect([acsUrl, fields.RelayState]).toEqual([ACS, each.state]);
        const brought = await desk.bring(fields);
        const { origin, pathname } = new URL(String(brought.headers['location']));
        expect([brought.status, origin, pathname]).toEqual([303, ORIGIN, '/sign-in/callback']);
        return desk.answer(each, codeIn(brought));
      };
      desk.somebody();
      expect((await go('guests')).status).toBe(403);
      const { account, tenants } = (await go('leads')).json<Session>();
      expect(tenants.map(({ id, role }) => [id, role])).toEqual([[desk.tenantId, 'reviewer']]);
      const { rows } = await desk.appliance.superuser.query<{ by: string }>(
        'select email_verified_by as by from control.accounts where id = $1',
        [account.id],
      );
      expect(rows[0]?.by).toBe('directory');
    }
  });

  it('AUT-06: goes out with a request of its own, signed where the connection says so; its key is in no answer', async () => {
    const each = await desk.begin();
    const request = readRequest(each.url);
    expect(each.url.href).toMatch(/^https:\/\/liar\.example\/sign-on\?of=house&/);
    for (const part of [
      `Destination="${desk.liar.signOnUrl}"`,
      `AssertionConsumerServiceURL="${ACS}"`,
      `>${each.audience}</saml:Issuer>`,
      `Format="${PERSISTENT}"`,
    ])
      expect(request).toContain(part);
    expect(each.requestId).toMatch(/^_[\w-]{43}$/);
    expect(each.state).toMatch(/^[\w-]{43}$/);
    expect(each.url.searchParams.has('Signature')).toBe(false);
    const signed = await desk.begin(await desk.connect({ signRequests: true }));
    const parts = signed.url.search.slice(1).split('&');
    const text = parts.filter((part) => /^(?:SAMLRequest|RelayState|SigAlg)=/.test(part)).join('&');
    expect(signed.url.searchParams.get('SigAlg')).toMatch(/#rsa-sha256$/);
    const own = await desk.server.ask('GET', new URL(signed.audience).pathname);
    expect(own.headers['content-type']).toContain('application/samlmetadata+xml');
    const certificate = /X509Certificate>([^<]+)</.exec(own.text)?.[1] ?? '';
    const { publicKey } = new X509Certificate(Buffer.from(certificate, 'base64'));
    const signature = Buffer.from(signed.url.searchParams.get('Signature') ?? '', 'base64');
    expect(createVerify('rsa-sha256').update(text).verify(publicKey, signature)).toBe(true);
    const listed = await desk.server.ask('GET', `/api/tenants/${desk.tenantId}/connections`, {
      token: desk.admin.token,
    });
    const { rows } = await desk.appliance.superuser.query<{ value: string }>(
      'select value from control.connection_secrets where connection_id = $1',
      [signed.connection],
    );
    for (const shown of [listed.text, own.text, String(rows[0]?.value)])
      expect(shown).not.toContain('PRIVATE KEY');
    expect((await desk.server.ask('GET', `/api/session/saml/${newId()}/metadata`)).status).toBe(
      404,
    );
    const draft = await desk.draft(desk.settings(), { secret: 'of somebody' });
    expect(draft.status).toBe(400);
  });

  it('AUT-06: an answer is kept for a minute, and for the browser that began: a page of the provider signs nobody in', async () => {
    const each = await desk.begin();
    const good = (of: Away): Record<string, string> => ({
      SAMLResponse: base64(desk.liar.good(desk.said(of))),
      RelayState: of.state,
    });
    const brought = await desk.bring(good(each));
    expect(brought.headers['set-cookie']).toBeUndefined();
    const { rows } = await desk.appliance.superuser.query('select * from control.kept_answers');
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain(desk.person.nameId);
    const code = codeIn(brought);
    const other = await desk.begin();
    for (const cookie of ['', `__Secure-casemate-sso=${'x'.repeat(43)}`, other.cookie])
      expect((await desk.answer({ cookie, state: each.state }, code)).status).toBe(410);
    // A handle is of its own sign-in alone; a wrong one ends it.
    expect((await desk.answer(other, code)).status).toBe(410);
    const all = await Promise.all([code, code, code, code].map((one) => desk.answer(each, one)));
    expect(all.map(({ status }) => status).toSorted()).toEqual([201, 410, 410, 410]);
    const late = await desk.begin();
    const kept = codeIn(await desk.bring(good(late)));
    await desk.appliance.superuser.query(
      `update control.kept_answers set expires_at = now() - interval '1 second'`,
    );
    expect((await desk.answer(late, kept)).status).toBe(410);
    expect((await desk.signInBy()).status).toBe(201);
  });

  it('AUT-06: a directory that begins by itself is led to a page that says so; what is no response is not kept', async () => {
    const each = await desk.begin();
    const xml = base64(desk.liar.good(desk.said(each)));
    const led = async (fields: Record<string, string>): Promise<string> =>
      new URL(String((await desk.bring(fields)).headers['location'])).search;
    for (const RelayState of ['', 'https://evil.example', 'x'.repeat(43)])
      expect(await led({ SAMLResponse: xml, RelayState })).toBe('?error=not_begun_here');
    for (const SAMLResponse of ['', '%%%', Buffer.of(0xff, 0xfe, 0x41).toString('base64')])
      expect(await led({ SAMLResponse, RelayState: each.state })).toBe('?error=unreadable');
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const ask = (text: string, headers: Record<string, string>): Promise<Answer> =>
      desk.server.ask('POST', '/api/session/saml/answer', { raw: Buffer.from(text), headers });
    const twice = `SAMLResponse=a&SAMLResponse=b&RelayState=${each.state}`;
    expect((await ask(twice, form)).headers['location']).toContain('unreadable');
    expect((await ask(twice, { 'content-type': 'text/plain' })).status).toBe(415);
    expect((await ask('a'.repeat(600_000), form)).status).toBe(413);
    expect((await desk.comeBack(each, desk.liar.good(desk.said(each)))).status).toBe(201);
  });

  const refuses = async (make: (each: Away) => string): Promise<Answer> => {
    const before = await desk.accounts();
    const each = await desk.begin();
    const refused = await desk.comeBack(each, make(each));
    expect([refused.status, refused.headers['set-cookie']]).toEqual([403, undefined]);
    expect(await desk.accounts()).toBe(before);
    expect((await desk.signInBy()).status).toBe(201);
    return refused;
  };

  const EVIL = 'https://evil.example';
  it.each<[string, Partial<Said>]>([
    ['for another service', { audience: EVIL }],
    ['for another address', { recipient: EVIL }],
    ['sent to another address', { destination: EVIL }],
    ['sent to no address', { destination: null }],
    ['that answers nothing', { requestId: null }],
    ['that answers another request', { requestId: randomId() }],
    ['whose assertion answers another request', { subjectRequestId: randomId() }],
    ['of another issuer', { issuer: EVIL }],
    ['whose assertion is of another issuer', { assertionIssuer: EVIL }],
    ['that has run out', { until: -61 }],
    ['whose confirmation has run out', { subjectUntil: -61 }],
    ['of later', { from: 70 }],
    ['of a session that has ended', { sessionEnds: -61 }],
    ['that is no success', { status: 'urn:oasis:names:tc:SAML:2.0:status:Responder' }],
    ['that is confirmed by a key', { method: 'urn:oasis:names:tc:SAML:2.0:cm:holder-of-key' }],
    ['with a name for now', { format: PERSISTENT.replace('persistent', 'transient') }],
    ['with an address as a name', { format: PERSISTENT.replace('persistent', 'emailAddress') }],
    ['with a name of another directory', { qualifiers: ` NameQualifier="${EVIL}"` }],
    ['with a name for another service', { qualifiers: ` SPNameQualifier="${EVIL}"` }],
    ['of nobody', { nameId: '' }],
    ['with an element in its name', { nameId: 'boss<saml:x></saml:x>' }],
    ['of an address that is not of the house', { attributes: { email: ['x@evil.example'] } }],
    ['of two addresses', { attributes: { email: [`a@${DOMAIN}`, `b@${DOMAIN}`] } }],
    ['of no address', { attributes: {} }],
    ['of what is no address', { attributes: { email: [`a,b@${DOMAIN}`] } }],
  ])('AUT-06: refuses a response %s; the right one next to it is taken', async (_what, more) => {
    await refuses((each) => desk.liar.good(desk.said(each, more)));
  });

  it.each<[string, Signing]>([
    ['with SHA-1', { hash: 'sha1' }],
    ['of a digest with SHA-1', { digest: 'sha1' }],
    ['of another value', { value: Buffer.alloc(384, 1).toString('base64') }],
    ['with another transform', { transform: 'http://www.w3.org/TR/1999/REC-xslt-19991116' }],
    ['with an object in it', { object: '<ds:x></ds:x>' }],
  ])('AUT-06: refuses a signature %s', async (_what, signing) => {
    await refuses((each) => desk.liar.good(desk.said(each), signing));
  });

  it.each(Object.entries(wrapped))(
    'AUT-06: refuses a wrapped signature: %s',
    async (_what, wrap) => {
      const boss = { nameId: 'boss', attributes: { email: [`boss@${DOMAIN}`] } };
      await refuses((each) => wrap(desk.liar, desk.said(each), desk.said(each, boss)));
    },
  );

  it('AUT-06: reads no comment, no CDATA, no instruction, no entity and no DTD out of an answer', async () => {
    // All of these leave the canonical text, and so the signature, as it was, or would be put in by whoever brings it.
    const email = `admin@${DOMAIN}`;
    const texts: ((xml: string) => string)[] = [
      (xml) => xml.replace(email, email.replace('@', '<!---->@')),
      (xml) => xml.replace(email, `<![CDATA[${email}]]>`),
      (xml) => xml.replace(email, `${email}<?x y?>`),
      (xml) => `<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]>${xml}`,
      (xml) => `<!DOCTYPE a SYSTEM "https://evil.example/a.dtd">${xml}`,
      (xml) =>
        `<!DOCTYPE a [<!ENTITY a "${'a'.repeat(100)}"><!ENTITY b "&a;&a;">]>${xml.replace(email, '&b;')}`,
      (xml) => xml.replace(email, '&e;'),
      (xml) =>
        xml.replace('<samlp:Status>', `${'<x>'.repeat(60)}${'</x>'.repeat(60)}<samlp:Status>`),
    ];
    for (const change of texts)
      await refuses((each) =>
        change(desk.liar.good(desk.said(each, { attributes: { email: [email] } }))),
      );
  });

  it('AUT-06: refuses what another key has signed, though its certificate is sent along, and what nobody has', async () => {
    const other = await makeOwnKey(new Date());
    await refuses((each) => desk.liar.good(desk.said(each), { key: other }));
    await refuses((each) =>
      desk.liar.response(desk.said(each), desk.liar.assertion(desk.said(each))),
    );
    // A signature of either part is enough; of two, both must hold.
    for (const both of [false, true]) {
      const whole = (each: Away, key?: OwnKey): string => {
        const assertion = desk.liar.assertion(desk.said(each));
        const response = desk.liar.response(
          desk.said(each),
          both ? desk.liar.sign(assertion) : assertion,
        );
        return desk.liar.sign(response, key ? { key } : {});
      };
      const each = await desk.begin();
      expect((await desk.comeBack(each, whole(each))).status).toBe(201);
      await refuses((one) => whole(one, other));
    }
  });

  it('AUT-06: an assertion is heard once, though it is sent as the answer to another request', async () => {
    const id = randomId();
    expect((await desk.signInBy(desk.ofLiar, { id })).status).toBe(201);
    await refuses((each) => desk.liar.good(desk.said(each, { id })));
  });

  it('AUT-06: a clock that is off by less than a minute is no fault', async () => {
    expect((await desk.signInBy(desk.ofLiar, { from: 50 })).status).toBe(201);
    expect((await desk.signInBy(desk.ofLiar, { until: -50, subjectUntil: -50 })).status).toBe(201);
  });

  it('AUT-06: says that it does not open what is encrypted', async () => {
    const refused = await refuses((each) =>
      desk.liar.response(
        desk.said(each),
        '<saml:EncryptedAssertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"></saml:EncryptedAssertion>',
      ),
    );
    expect(refused.text).toContain('switches the encryption of assertions off');
  });
});
