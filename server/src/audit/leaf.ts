import { createHash } from 'node:crypto';

/** One audit row as the log commits to it; times as ISO 8601 in UTC with microseconds. */
export type AuditRow = Readonly<Record<string, unknown>>;

/** JSON with sorted keys and no spaces, so that equal rows give equal bytes (RFC 8785 for our types). */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    const members = entries.map(([key, inner]) => `${JSON.stringify(key)}:${canonicalJson(inner)}`);
    return `{${members.join(',')}}`;
  }
  return JSON.stringify(value ?? null);
}

/** Leaf hash of RFC 6962: SHA-256(0x00 || canonical JSON). */
export function leafHash(row: AuditRow): Buffer {
  return createHash('sha256').update(Buffer.of(0)).update(canonicalJson(row)).digest();
}

/** Head of the chain after a leaf: SHA-256(0x01 || head before || leaf). */
export function nextHead(head: Buffer, leaf: Buffer): Buffer {
  return createHash('sha256').update(Buffer.of(1)).update(head).update(leaf).digest();
}

/** Head of an empty log: 32 zero bytes. */
export const EMPTY_HEAD = Buffer.alloc(32);
