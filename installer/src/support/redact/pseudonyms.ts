import { createHmac } from 'node:crypto';

export type PseudonymKind = 'tenant' | 'id' | 'email' | 'person' | 'ip' | 'host' | 'user';
export type Pseudonyms = (kind: PseudonymKind, value: string) => string;

/**
 * Names that stand for others, the same for the same value in every bundle of this appliance, so that
 * a reader can follow one tenant through all logs. HMAC-SHA-256 (RFC 2104) with a key that never leaves
 * it: nobody can try out ids or addresses. Forty bits tell a million values apart well enough to read.
 */
export function createPseudonyms(key: Buffer): Pseudonyms {
  const made = new Map<string, string>();
  return (kind, value) => {
    const normal = normalise(kind, value);
    const known = made.get(`${kind} ${normal}`);
    if (known !== undefined) return known;
    const digest = createHmac('sha256', key).update(normal).digest('hex').slice(0, 10);
    const name = `${kind}-${digest}`;
    made.set(`${kind} ${normal}`, name);
    return name;
  };
}

function normalise(kind: PseudonymKind, value: string): string {
  const small = value.normalize('NFC').toLowerCase();
  // With and without hyphens, and as a schema, it is the same id.
  return kind === 'tenant' || kind === 'id' ? small.replaceAll('-', '') : small;
}
