import { createPublicKey, type KeyObject } from 'node:crypto';
import * as der from './der.ts';
import { encodeDistinguishedName } from './distinguished-name.ts';
import { serverExtensions } from './extensions.ts';
import { objectIdentifiers } from './object-identifiers.ts';
import { toPem } from './pem.ts';
import { encodeSigned } from './signed-object.ts';

/** Makes a signing request (PKCS #10, RFC 2986) for a TLS server of these names, as PEM. */
export function createRequest(options: {
  names: readonly [string, ...string[]];
  key: KeyObject;
}): string {
  const { names, key } = options;
  const wanted = der.encodeSequence(...serverExtensions(names));
  const attributes = der.encodeSequence(
    der.encodeObjectIdentifier(objectIdentifiers.extensionRequest),
    der.encodeSet(wanted),
  );
  const content = der.encodeSequence(
    der.encodeInteger(0), // version 1
    encodeDistinguishedName(names[0]),
    createPublicKey(key).export({ type: 'spki', format: 'der' }),
    der.encodeContextConstructed(0, attributes),
  );
  return toPem('CERTIFICATE REQUEST', encodeSigned(content, key));
}
