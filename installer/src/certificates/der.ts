/**
 * The part of DER (ITU-T X.690) that a certificate and a signing request need. Every function
 * returns one complete encoded value; lengths are definite and minimal, as DER demands.
 */

const universal = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectIdentifier: 0x06,
  utf8String: 0x0c,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

/** One value: tag, length, content. Tags above 30 do not occur in X.509 and are refused. */
export function encodeValue(tag: number, ...contents: Uint8Array[]): Buffer {
  if ((tag & 0x1f) === 0x1f || tag > 0xff) throw new RangeError(`DER tag ${tag} is not supported`);
  const content = Buffer.concat(contents);
  return Buffer.concat([Buffer.from([tag]), encodeLength(content.length), content]);
}

function encodeLength(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  const bytes = unsignedBytes(BigInt(length));
  return Buffer.from([0x80 | bytes.length, ...bytes]);
}

function unsignedBytes(value: bigint): Buffer {
  const hex = value.toString(16);
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
}

/** A non-negative INTEGER. */
export function encodeInteger(value: bigint | number): Buffer {
  const number = BigInt(value);
  if (number < 0n) throw new RangeError('a certificate has no negative numbers');
  const bytes = unsignedBytes(number);
  // The first bit is the sign: a leading zero keeps the number positive.
  const padding = ((bytes[0] ?? 0) & 0x80) === 0 ? [] : [0];
  return encodeValue(universal.integer, Buffer.from(padding), bytes);
}

/** TRUE; a FALSE is a default wherever X.509 uses it and so must be left out in DER. */
export function encodeTrue(): Buffer {
  return encodeValue(universal.boolean, Buffer.from([0xff]));
}

/** An OBJECT IDENTIFIER from its dotted form, such as '2.5.29.17'. */
export function encodeObjectIdentifier(dotted: string): Buffer {
  const arcs = dotted.split('.').map((arc) => (/^\d+$/.test(arc) ? BigInt(arc) : -1n));
  const [first = -1n, second = -1n, ...rest] = arcs;
  const valid = first >= 0n && first <= 2n && second >= 0n && (first === 2n || second < 40n);
  if (!valid || arcs.includes(-1n)) throw new RangeError(`'${dotted}' is not an object identifier`);
  const parts = [first * 40n + second, ...rest].flatMap(encodeBase128);
  return encodeValue(universal.objectIdentifier, Buffer.from(parts));
}

function encodeBase128(arc: bigint): number[] {
  const septets = [Number(arc & 0x7fn)];
  for (let left = arc >> 7n; left > 0n; left >>= 7n) septets.unshift(Number(left & 0x7fn) | 0x80);
  return septets;
}

export function encodeOctetString(content: Uint8Array): Buffer {
  return encodeValue(universal.octetString, content);
}

/** A BIT STRING; `unusedBits` (0 to 7) are the bits of the last byte that do not count. */
export function encodeBitString(content: Uint8Array, unusedBits = 0): Buffer {
  return encodeValue(universal.bitString, Buffer.from([unusedBits]), content);
}

export function encodeUtf8String(text: string): Buffer {
  return encodeValue(universal.utf8String, Buffer.from(text, 'utf8'));
}

export function encodeSequence(...members: Uint8Array[]): Buffer {
  return encodeValue(universal.sequence, ...members);
}

/** A SET OF; DER sorts its members by their encoding. */
export function encodeSet(...members: Uint8Array[]): Buffer {
  return encodeValue(universal.set, ...members.toSorted((a, b) => Buffer.compare(a, b)));
}

/** A context-specific value that holds bytes: `[number] IMPLICIT`. */
export function encodeContext(number: number, content: Uint8Array): Buffer {
  return encodeValue(0x80 | number, content);
}

/** A context-specific value that holds other values: `[number] EXPLICIT`, or a constructed one. */
export function encodeContextConstructed(number: number, ...members: Uint8Array[]): Buffer {
  return encodeValue(0xa0 | number, ...members);
}

/** A moment to the second: UTCTime up to 2049, GeneralizedTime from 2050 (RFC 5280, 4.1.2.5). */
export function encodeTime(moment: Date): Buffer {
  const digits = moment.toISOString().replace(/[-:T]|\.\d+/g, '');
  const year = moment.getUTCFullYear();
  return year >= 1950 && year < 2050
    ? encodeValue(universal.utcTime, Buffer.from(digits.slice(2), 'ascii'))
    : encodeValue(universal.generalizedTime, Buffer.from(digits, 'ascii'));
}
