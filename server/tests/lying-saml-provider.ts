import { createHash, createSign, randomBytes } from 'node:crypto';
import { makeOwnKey, type OwnKey } from '../src/identity/connections/saml/own-key.ts';

const XMLNS = {
  samlp: 'urn:oasis:names:tc:SAML:2.0:protocol',
  saml: 'urn:oasis:names:tc:SAML:2.0:assertion',
  ds: 'http://www.w3.org/2000/09/xmldsig#',
};
const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#';
export const PERSISTENT = 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent';
const PASSWORD = 'urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport';

/** What a response says. Texts stand in the XML as they are: a test can put anything there. */
export type Said = {
  issuer: string;
  assertionIssuer: string;
  destination: string | null;
  recipient: string;
  requestId: string | null;
  subjectRequestId: string;
  audience: string;
  id: string;
  status: string;
  nameId: string;
  format: string;
  qualifiers: string;
  /** Seconds from now. */
  from: number;
  until: number;
  subjectUntil: number;
  authenticated: number;
  sessionEnds: number | null;
  method: string;
  context: string;
  session: string | null;
  attributes: Record<string, readonly string[]>;
};

/** How it is signed. */
export type Signing = {
  key?: OwnKey;
  hash?: 'sha1' | 'sha256' | 'sha512';
  digest?: 'sha1' | 'sha256';
  /** Put into the Signature. */
  object?: string;
  transform?: string;
  value?: string;
};

const DIGESTS = {
  sha1: `${XMLNS.ds}sha1`,
  sha256: 'http://www.w3.org/2001/04/xmlenc#sha256',
};

export const randomId = (): string => `_${randomBytes(16).toString('hex')}`;

/** A SAML provider that a test makes lie: it writes canonical XML by hand, and signs what it is told. */
export class LyingSamlProvider {
  readonly entityId = 'https://liar.example/saml';
  readonly signOnUrl = 'https://liar.example/sign-on?of=house';
  readonly signOutUrl = 'https://liar.example/sign-out';
  readonly key: OwnKey;

  private constructor(key: OwnKey) {
    this.key = key;
  }

  static async start(): Promise<LyingSamlProvider> {
    return new LyingSamlProvider(await makeOwnKey(new Date()));
  }

  assertion(said: Said): string {
    const at = (seconds: number): string => new Date(Date.now() + seconds * 1_000).toISOString();
    const attributes = Object.entries(said.attributes).map(
      ([name, values]) =>
        `<saml:Attribute Name="${name}">${values.map((one) => `<saml:AttributeValue>${one}</saml:AttributeValue>`).join('')}</saml:Attribute>`,
    );
    const session = said.session === null ? '' : ` SessionIndex="${said.session}"`;
    const ends = said.sessionEnds === null ? '' : ` SessionNotOnOrAfter="${at(said.sessionEnds)}"`;
    return [
      `<saml:Assertion xmlns:saml="${XMLNS.saml}" ID="${said.id}" IssueInstant="${at(0)}" Version="2.0">`,
      `<saml:Issuer>${said.assertionIssuer}</saml:Issuer>`,
      `<saml:Subject><saml:NameID Format="${said.format}"${said.qualifiers}>${said.nameId}</saml:NameID>`,
      `<saml:SubjectConfirmation Method="${said.method}"><saml:SubjectConfirmationData InResponseTo="${said.subjectRequestId}" NotOnOrAfter="${at(said.subjectUntil)}" Recipient="${said.recipient}"></saml:SubjectConfirmationData></saml:SubjectConfirmation></saml:Subject>`,
      `<saml:Conditions NotBefore="${at(said.from)}" NotOnOrAfter="${at(said.until)}"><saml:AudienceRestriction><saml:Audience>${said.audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions>`,
      `<saml:AuthnStatement AuthnInstant="${at(said.authenticated)}"${session}${ends}><saml:AuthnContext><saml:AuthnContextClassRef>${said.context}</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>`,
      ...(attributes.length > 0
        ? [`<saml:AttributeStatement>${attributes.join('')}</saml:AttributeStatement>`]
        : []),
      '</saml:Assertion>',
    ].join('');
  }

  response(said: Said, inside: string): string {
    const destination = said.destination === null ? '' : ` Destination="${said.destination}"`;
    const to = said.requestId === null ? '' : ` InResponseTo="${said.requestId}"`;
    return [
      `<samlp:Response xmlns:samlp="${XMLNS.samlp}"${destination} ID="${randomId()}"${to} IssueInstant="${new Date().toISOString()}" Version="2.0">`,
      `<saml:Issuer xmlns:saml="${XMLNS.saml}">${said.issuer}</saml:Issuer>`,
      `<samlp:Status><samlp:StatusCode Value="${said.status}"></samlp:StatusCode></samlp:Status>`,
      inside,
      '</samlp:Response>',
    ].join('');
  }

  /** The Signature over a canonical element, by itself. */
  signatureOf(element: string, signing: Signing = {}): string {
    const { key = this.key, hash = 'sha256', digest = 'sha256', object = '', transform } = signing;
    const id = /\bID="([^"]*)"/.exec(element)?.[1] ?? '';
    const method =
      hash === 'sha1'
        ? `${XMLNS.ds}rsa-sha1`
        : `http://www.w3.org/2001/04/xmldsig-more#rsa-${hash}`;
    const info = [
      `<ds:SignedInfo xmlns:ds="${XMLNS.ds}">`,
      `<ds:CanonicalizationMethod Algorithm="${EXCLUSIVE}"></ds:CanonicalizationMethod>`,
      `<ds:SignatureMethod Algorithm="${method}"></ds:SignatureMethod>`,
      `<ds:Reference URI="#${id}"><ds:Transforms><ds:Transform Algorithm="${XMLNS.ds}enveloped-signature"></ds:Transform><ds:Transform Algorithm="${transform ?? EXCLUSIVE}"></ds:Transform></ds:Transforms>`,
      `<ds:DigestMethod Algorithm="${DIGESTS[digest]}"></ds:DigestMethod><ds:DigestValue>${createHash(digest).update(element).digest('base64')}</ds:DigestValue></ds:Reference>`,
      '</ds:SignedInfo>',
    ].join('');
    const value =
      signing.value ?? createSign(`rsa-${hash}`).update(info).sign(key.key).toString('base64');
    return [
      `<ds:Signature xmlns:ds="${XMLNS.ds}">`,
      info.replace(` xmlns:ds="${XMLNS.ds}"`, ''),
      `<ds:SignatureValue>${value}</ds:SignatureValue>`,
      `<ds:KeyInfo><ds:X509Data><ds:X509Certificate>${key.certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>`,
      object === '' ? '' : `<ds:Object>${object}</ds:Object>`,
      '</ds:Signature>',
    ].join('');
  }

  /** The element with its signature behind its issuer, where the schema has it. */
  sign(element: string, signing: Signing = {}): string {
    return element.replace('</saml:Issuer>', `</saml:Issuer>${this.signatureOf(element, signing)}`);
  }

  /** What a good provider would answer. */
  good(said: Said, signing: Signing = {}): string {
    return this.response(said, this.sign(this.assertion(said), signing));
  }
}

export type Request = { requestId: string; acsUrl: string; audience: string };

export function rightly(
  { entityId }: Pick<LyingSamlProvider, 'entityId'>,
  { requestId, acsUrl, audience }: Request,
  person: { nameId: string; email: string; groups?: readonly string[] },
): Said {
  return {
    ...{ issuer: entityId, assertionIssuer: entityId, audience, requestId },
    ...{ destination: acsUrl, recipient: acsUrl, subjectRequestId: requestId },
    id: randomId(),
    status: 'urn:oasis:names:tc:SAML:2.0:status:Success',
    nameId: person.nameId,
    format: PERSISTENT,
    qualifiers: '',
    ...{ from: -5, until: 300, subjectUntil: 300, authenticated: 0, sessionEnds: null },
    method: 'urn:oasis:names:tc:SAML:2.0:cm:bearer',
    context: PASSWORD,
    session: null,
    attributes: {
      email: [person.email],
      displayName: ['Ada'],
      groups: person.groups ?? [],
    },
  };
}
