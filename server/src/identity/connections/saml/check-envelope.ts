import { AppError } from '../../../platform/index.ts';
import { SAML } from './names.ts';
import {
  childrenOf,
  everyElement,
  onlyChild,
  plainText,
  readXml,
  type XmlElement,
} from './read-xml.ts';

export type Expected = {
  readonly entityId: string;
  readonly acsUrl: string;
  readonly requestId: string;
};

const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#';
const ENVELOPED = `${SAML.signature}enveloped-signature`;
const SIGNATURES = new Set(
  ['rsa-sha256', 'rsa-sha512'].map((one) => `http://www.w3.org/2001/04/xmldsig-more#${one}`),
);
const DIGESTS = new Set(
  ['sha256', 'sha512'].map((one) => `http://www.w3.org/2001/04/xmlenc#${one}`),
);

/**
 * Looks at the shape of a Response before anybody asks for its signature (saml-core-2.0-os, 3.2.2 and 5):
 * one assertion, in its one place; signatures only where they belong, each over its own parent, by SHA-256
 * or better; no ID twice. What is signed and what is read can so not be two things (signature wrapping).
 *
 * @returns which signatures are there, all of which must hold
 */
export function checkEnvelope(
  xml: string,
  { entityId, acsUrl, requestId }: Expected,
): { response: boolean; assertion: boolean } {
  const response = readXml(xml);
  const all = everyElement(response);
  if (response.name !== 'Response' || response.namespace !== SAML.protocol)
    throw new Error('it is no SAML response');
  if (response.attributes['Version'] !== '2.0') throw new Error('it is not of SAML 2.0');
  if (all.some(({ name }) => name === 'EncryptedAssertion'))
    throw new AppError(
      'forbidden',
      'Your directory encrypts its answer, which is not understood here: it comes over HTTPS anyway. Its administrator switches the encryption of assertions off',
    );
  requireSuccess(response);
  const { Destination, InResponseTo } = response.attributes;
  if (Destination !== acsUrl) throw new Error('it is meant for another address (Destination)');
  if (InResponseTo === undefined)
    throw new Error('it answers no request: the directory began by itself');
  if (InResponseTo !== requestId) throw new Error('it answers another request (InResponseTo)');
  const issuer = onlyChild(response, { namespace: SAML.assertion, name: 'Issuer' });
  if (issuer && plainText(issuer) !== entityId) throw new Error('it is of another issuer');
  return checkSignatures(response, all);
}

function requireSuccess(response: XmlElement): void {
  const named = { namespace: SAML.protocol, name: 'StatusCode' };
  const status = onlyChild(response, { namespace: SAML.protocol, name: 'Status' });
  const code = status && onlyChild(status, named);
  if (!code) throw new Error('it has no status');
  if (code.attributes['Value'] === SAML.success) return;
  const words = [code, ...childrenOf(code, named)].map(({ attributes }) =>
    (attributes['Value'] ?? '').slice(0, 200).replace(/^.*:/, ''),
  );
  throw new Error(`the directory says ${words.join(', ').replace(/[^\w, -]/g, '')}`);
}

function checkSignatures(
  response: XmlElement,
  all: readonly XmlElement[],
): { response: boolean; assertion: boolean } {
  const assertions = all.filter(({ name }) => name === 'Assertion');
  const [assertion] = assertions;
  if (
    assertions.length !== 1 ||
    assertion?.parent !== response ||
    assertion.namespace !== SAML.assertion
  )
    throw new Error('it has not one assertion in its one place');
  const ids = all.flatMap(({ attributes }) =>
    Object.entries(attributes).flatMap(([name, value]) =>
      /^(?:\{.*\})?id$/i.test(name) ? [value] : [],
    ),
  );
  if (new Set(ids).size !== ids.length) throw new Error('it has an ID twice');
  const signatures = all.filter(({ name }) => name === 'Signature');
  for (const signature of signatures) checkSignature(signature, [response, assertion]);
  const signed = (of: XmlElement): boolean => {
    const own = signatures.filter(({ parent }) => parent === of);
    if (own.length > 1) throw new Error('it has more than one signature of one part');
    return own.length === 1;
  };
  const found = { response: signed(response), assertion: signed(assertion) };
  if (!found.response && !found.assertion) throw new Error('it has no signature');
  return found;
}

function checkSignature(signature: XmlElement, of: readonly XmlElement[]): void {
  const { parent } = signature;
  if (signature.namespace !== SAML.signature || !parent || !of.includes(parent))
    throw new Error('it has a signature where none belongs');
  const inside = everyElement(signature);
  for (const once of ['SignedInfo', 'SignatureValue', 'DigestValue'])
    if (inside.filter(({ name }) => name === once).length !== 1)
      throw new Error(`its signature has not one ${once}`);
  const algorithms = (name: string): string[] =>
    inside
      .filter((one) => one.name === name)
      .map(({ attributes }) => attributes['Algorithm'] ?? '');
  const [method = '', ...more] = algorithms('SignatureMethod');
  const [digest = '', ...others] = algorithms('DigestMethod');
  if (!SIGNATURES.has(method) || !DIGESTS.has(digest) || more.length + others.length > 0)
    throw new Error('its signature is not of RSA with SHA-256 or SHA-512');
  const transforms = algorithms('Transform');
  const canonical = [...algorithms('CanonicalizationMethod'), ...transforms];
  if (transforms.length > 2 || canonical.some((one) => one !== EXCLUSIVE && one !== ENVELOPED))
    throw new Error('its signature transforms what it signs');
  const references = inside.filter(({ name }) => name === 'Reference');
  const id = parent.attributes['ID'] ?? '';
  if (references.length !== 1 || id === '' || references[0]?.attributes['URI'] !== `#${id}`)
    throw new Error('its signature is of something else');
  if (inside.some(({ name }) => name === 'Object'))
    throw new Error('its signature holds an object');
}
