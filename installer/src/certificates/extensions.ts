import { createHash, type KeyObject } from 'node:crypto';
import { isIP } from 'node:net';
import * as der from './der.ts';
import { readMembers, readValue } from './der-reader.ts';
import { ipBytes } from './ip-bytes.ts';
import { objectIdentifiers } from './object-identifiers.ts';

/** One Extension of RFC 5280, section 4.1. */
function extension(id: string, critical: boolean, value: Buffer): Buffer {
  const flag = critical ? [der.encodeTrue()] : [];
  return der.encodeSequence(der.encodeObjectIdentifier(id), ...flag, der.encodeOctetString(value));
}

/** SHA-1 of the public key's bits: the first method of RFC 5280, section 4.2.1.2. A name, no proof. */
export function keyIdentifier(publicKey: KeyObject): Buffer {
  const info = publicKey.export({ type: 'spki', format: 'der' });
  const bits = readMembers(readValue(info).value.content)[1];
  if (!bits) throw new RangeError('the public key has no bits');
  return createHash('sha1').update(bits.content.subarray(1)).digest();
}

/** The extensions of an authority that may sign servers but no further authorities. */
export function authorityExtensions(publicKey: KeyObject): Buffer[] {
  const constraints = der.encodeSequence(der.encodeTrue(), der.encodeInteger(0));
  return [
    extension(objectIdentifiers.basicConstraints, true, constraints),
    // keyCertSign (5) and cRLSign (6): bits are counted from the left.
    extension(objectIdentifiers.keyUsage, true, der.encodeBitString(Buffer.from([0x06]), 1)),
    subjectKeyIdentifier(publicKey),
  ];
}

export type CertificateUse = 'serverAuth' | 'clientAuth';

/** What a server asks for, in its signing request and in its certificate: use and names. */
export function serverExtensions(
  names: readonly string[],
  uses: readonly CertificateUse[] = ['serverAuth'],
): Buffer[] {
  const extendedUse = der.encodeSequence(
    ...uses.map((use) => der.encodeObjectIdentifier(objectIdentifiers[use])),
  );
  return [
    // digitalSignature (0): all that an ECDSA key does in TLS 1.2 with ECDHE and in TLS 1.3.
    extension(objectIdentifiers.keyUsage, true, der.encodeBitString(Buffer.from([0x80]), 7)),
    extension(objectIdentifiers.extendedKeyUsage, false, extendedUse),
    extension(
      objectIdentifiers.subjectAltName,
      false,
      der.encodeSequence(...names.map(encodeGeneralName)),
    ),
  ];
}

/** What only the issuer adds to a server's certificate. */
export function issuedExtensions(publicKey: KeyObject, issuerKeyId: Buffer): Buffer[] {
  const authority = der.encodeSequence(der.encodeContext(0, issuerKeyId));
  return [
    extension(objectIdentifiers.basicConstraints, true, der.encodeSequence()),
    subjectKeyIdentifier(publicKey),
    extension(objectIdentifiers.authorityKeyIdentifier, false, authority),
  ];
}

function subjectKeyIdentifier(publicKey: KeyObject): Buffer {
  const value = der.encodeOctetString(keyIdentifier(publicKey));
  return extension(objectIdentifiers.subjectKeyIdentifier, false, value);
}

function encodeGeneralName(name: string): Buffer {
  return isIP(name) === 0
    ? der.encodeContext(2, Buffer.from(name, 'ascii'))
    : der.encodeContext(7, ipBytes(name));
}
