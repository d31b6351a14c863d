import { inflateRawSync } from 'node:zlib';
import { SAML } from './names.ts';
import { childrenOf, MOST_CHARACTERS, onlyChild, plainText, readXml } from './read-xml.ts';

/** A message that came by redirect, with the very text of the address that its signature is of. */
export type Redirected = {
  readonly xml: string;
  readonly container: {
    readonly SAMLRequest: string;
    readonly SigAlg: string;
    readonly Signature: string;
  };
  readonly query: string;
  readonly relayState: string | null;
};

const NAMES = ['SAMLRequest', 'RelayState', 'SigAlg', 'Signature'] as const;
const SIGNATURES = new Set(
  ['rsa-sha256', 'rsa-sha512'].map((one) => `http://www.w3.org/2001/04/xmldsig-more#${one}`),
);

/**
 * Takes a signed message out of the text of an address (saml-bindings-2.0-os, 3.4.4.1): each part once, put
 * together in the order in which it is signed, so that what is checked is what is read. Throws the fault.
 */
export function takeRedirected(search: string): Redirected {
  const raw = new Map<string, string>();
  for (const part of search.replace(/^\?/, '').split('&')) {
    const at = part.indexOf('=');
    const name = part.slice(0, at);
    if (!NAMES.some((one) => one === name) || raw.has(name))
      throw new Error('its address has a part too many');
    raw.set(name, part.slice(at + 1));
  }
  const [SAMLRequest, RelayState, SigAlg, Signature] = NAMES.map((name) => raw.get(name));
  if (SAMLRequest === undefined || SigAlg === undefined || Signature === undefined)
    throw new Error('it is not signed');
  const container = {
    SAMLRequest: decoded(SAMLRequest),
    SigAlg: decoded(SigAlg),
    Signature: decoded(Signature),
  };
  if (!SIGNATURES.has(container.SigAlg))
    throw new Error('its signature is not of RSA with SHA-256 or SHA-512');
  const signed = [
    `SAMLRequest=${SAMLRequest}`,
    ...(RelayState === undefined ? [] : [`RelayState=${RelayState}`]),
    `SigAlg=${SigAlg}`,
  ];
  return {
    xml: inflated(container.SAMLRequest),
    container,
    query: signed.join('&'),
    relayState: RelayState === undefined ? null : decoded(RelayState),
  };
}

function decoded(text: string): string {
  return decodeURIComponent(text.replaceAll('+', ' '));
}

function inflated(base64: string): string {
  const bytes = inflateRawSync(Buffer.from(base64, 'base64'), { maxOutputLength: MOST_CHARACTERS });
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
}

export type LogoutRequest = {
  readonly id: string;
  readonly nameId: string;
  readonly sessions: readonly string[];
};

type Expected = { entity: string; address: string; now: Date; skewMs: number };

const MOST_AGE_MS = 300_000;

/** Reads a LogoutRequest (saml-core-2.0-os, 3.7.1) whose signature is looked at beside it. */
export function readLogoutRequest(
  xml: string,
  { entity, address, now, skewMs }: Expected,
): LogoutRequest {
  const request = readXml(xml);
  if (request.name !== 'LogoutRequest' || request.namespace !== SAML.protocol)
    throw new Error('it is no request to sign out');
  const { ID = '', Version, Destination, IssueInstant = '', NotOnOrAfter } = request.attributes;
  if (ID === '' || Version !== '2.0') throw new Error('it is not of SAML 2.0');
  if (Destination !== address) throw new Error('it is meant for another address (Destination)');
  const issuer = onlyChild(request, { namespace: SAML.assertion, name: 'Issuer' });
  if (!issuer || plainText(issuer) !== entity) throw new Error('it is of another issuer');
  const age = now.getTime() - new Date(IssueInstant).getTime();
  // NaN, of no time at all, is neither.
  if (!(age >= -skewMs && age <= MOST_AGE_MS)) throw new Error('it is not of now');
  if (NotOnOrAfter !== undefined && !(now.getTime() - skewMs < new Date(NotOnOrAfter).getTime()))
    throw new Error('it has run out');
  const nameId = onlyChild(request, { namespace: SAML.assertion, name: 'NameID' });
  if (!nameId) throw new Error('it names nobody');
  const sessions = childrenOf(request, { namespace: SAML.protocol, name: 'SessionIndex' });
  return { id: ID, nameId: plainText(nameId), sessions: sessions.map(plainText) };
}

/** For how long it is kept that a request was heard. */
export const HEARD_MS = 2 * MOST_AGE_MS;
