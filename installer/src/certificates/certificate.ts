import { createPublicKey, type KeyObject, randomBytes, type X509Certificate } from 'node:crypto';
import * as der from './der.ts';
import { readMembers, readValue } from './der-reader.ts';
import { encodeDistinguishedName } from './distinguished-name.ts';
import {
  authorityExtensions,
  issuedExtensions,
  keyIdentifier,
  serverExtensions,
  type CertificateUse,
} from './extensions.ts';
import { toPem } from './pem.ts';
import { encodeSigned, signatureAlgorithm } from './signed-object.ts';

export type Validity = { notBefore: Date; notAfter: Date };

/** Makes a self-signed authority for `key` (a private ECDSA P-256 key), as PEM. */
export function createAuthorityCertificate(options: {
  commonName: string;
  key: KeyObject;
  validity: Validity;
}): string {
  const name = encodeDistinguishedName(options.commonName);
  const publicKey = createPublicKey(options.key);
  const extensions = authorityExtensions(publicKey);
  const { key: issuerKey, validity } = options;
  return encodeCertificate({
    subject: name,
    issuer: name,
    publicKey,
    extensions,
    issuerKey,
    validity,
  });
}

/** Issues a TLS server's certificate for `names` (host names and IP addresses), as PEM. */
export function createServerCertificate(options: {
  names: readonly [string, ...string[]];
  publicKey: KeyObject;
  authority: { certificate: X509Certificate; key: KeyObject };
  validity: Validity;
  /** A client of another part proves itself with one, too. */
  uses?: readonly CertificateUse[];
}): string {
  const { names, publicKey, authority, validity, uses } = options;
  const issuerKeyId = keyIdentifier(authority.certificate.publicKey);
  return encodeCertificate({
    subject: encodeDistinguishedName(names[0]),
    issuer: subjectOf(authority.certificate),
    publicKey,
    extensions: [...serverExtensions(names, uses), ...issuedExtensions(publicKey, issuerKeyId)],
    issuerKey: authority.key,
    validity,
  });
}

function encodeCertificate(parts: {
  subject: Buffer;
  issuer: Buffer;
  publicKey: KeyObject;
  extensions: Buffer[];
  issuerKey: KeyObject;
  validity: Validity;
}): string {
  const { notBefore, notAfter } = parts.validity;
  const content = der.encodeSequence(
    der.encodeContextConstructed(0, der.encodeInteger(2)), // version 3
    der.encodeInteger(serialNumber()),
    signatureAlgorithm,
    parts.issuer,
    der.encodeSequence(der.encodeTime(notBefore), der.encodeTime(notAfter)),
    parts.subject,
    parts.publicKey.export({ type: 'spki', format: 'der' }),
    der.encodeContextConstructed(3, der.encodeSequence(...parts.extensions)),
  );
  return toPem('CERTIFICATE', encodeSigned(content, parts.issuerKey));
}

/** 127 random bits, never zero: unique without a counter to keep (RFC 5280, section 4.1.2.2). */
function serialNumber(): bigint {
  const random = BigInt(`0x${randomBytes(16).toString('hex')}`) >> 1n;
  return random === 0n ? 1n : random;
}

/** The authority's name, byte for byte: verifiers compare the encodings. */
function subjectOf(certificate: X509Certificate): Buffer {
  const [content] = readMembers(readValue(certificate.raw).value.content);
  const subject = content && readMembers(content.content)[5];
  if (!subject) throw new RangeError('the certificate of the authority has no subject');
  return subject.whole;
}
