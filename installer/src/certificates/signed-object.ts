import { type KeyObject, sign } from 'node:crypto';
import { encodeBitString, encodeObjectIdentifier, encodeSequence } from './der.ts';
import { objectIdentifiers } from './object-identifiers.ts';

/** ecdsa-with-SHA256 has no parameters (RFC 5758, section 3.2). */
export const signatureAlgorithm = encodeSequence(
  encodeObjectIdentifier(objectIdentifiers.ecdsaWithSha256),
);

/** Content, algorithm and signature: the outer form of a certificate and of a signing request. */
export function encodeSigned(content: Buffer, key: KeyObject): Buffer {
  if (key.asymmetricKeyType !== 'ec') throw new TypeError('only ECDSA keys can sign here');
  const signature = sign('sha256', content, { key, dsaEncoding: 'der' });
  return encodeSequence(content, signatureAlgorithm, encodeBitString(signature));
}
