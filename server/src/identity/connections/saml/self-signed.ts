import { createPublicKey, randomBytes, sign, type KeyObject } from 'node:crypto';

type Wish = { key: KeyObject; commonName: string; from: Date; until: Date };

const SEQUENCE = 0x30;
const OID = { sha256WithRsa: '2a864886f70d01010b', commonName: '550403' };

/**
 * A certificate (RFC 5280) of an RSA key that is its own issuer, as SAML uses them: for the key in it, which
 * the other side is told to believe, and not for any chain. The answer is DER.
 */
export function selfSigned({ key, commonName, from, until }: Wish): Buffer {
  const algorithm = der(SEQUENCE, oid(OID.sha256WithRsa), der(0x05));
  const text = der(0x0c, Buffer.from(commonName));
  const name = der(SEQUENCE, der(0x31, der(SEQUENCE, oid(OID.commonName), text)));
  const facts = der(
    SEQUENCE,
    // Version 3.
    der(0xa0, der(0x02, Buffer.of(2))),
    // Positive, and of no leading zero.
    der(0x02, Buffer.of(0x40), randomBytes(15)),
    algorithm,
    name,
    der(SEQUENCE, time(from), time(until)),
    name,
    createPublicKey(key).export({ type: 'spki', format: 'der' }),
  );
  const signature = der(0x03, Buffer.of(0), sign('sha256', facts, key));
  return der(SEQUENCE, facts, algorithm, signature);
}

function der(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  if (length < 0x80) return Buffer.concat([Buffer.of(tag, length), content]);
  const bytes = Buffer.from(length.toString(16).padStart(length > 0xff ? 4 : 2, '0'), 'hex');
  return Buffer.concat([Buffer.of(tag, 0x80 | bytes.length), bytes, content]);
}

function oid(hex: string): Buffer {
  return der(0x06, Buffer.from(hex, 'hex'));
}

/** UTCTime until 2049, GeneralizedTime from then on (RFC 5280, 4.1.2.5). */
function time(at: Date): Buffer {
  const text = `${at.toISOString().replace(/\D/g, '').slice(0, 14)}Z`;
  return at.getUTCFullYear() < 2_050
    ? der(0x17, Buffer.from(text.slice(2)))
    : der(0x18, Buffer.from(text));
}
