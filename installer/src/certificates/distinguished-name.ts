import { encodeObjectIdentifier, encodeSequence, encodeSet, encodeUtf8String } from './der.ts';
import { objectIdentifiers } from './object-identifiers.ts';

/** RFC 5280, appendix A: a common name may have 64 characters. */
const longestCommonName = 64;

/** The name of a holder: our organisation and a common name, cut to what X.509 allows. */
export function encodeDistinguishedName(commonName: string): Buffer {
  return encodeSequence(
    attribute(objectIdentifiers.organizationName, 'Casemate'),
    attribute(objectIdentifiers.commonName, commonName.slice(0, longestCommonName)),
  );
}

function attribute(type: string, value: string): Buffer {
  return encodeSet(encodeSequence(encodeObjectIdentifier(type), encodeUtf8String(value)));
}
