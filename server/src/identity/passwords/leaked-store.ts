import { createHash } from 'node:crypto';

/**
 * A file of leaked passwords that can be asked by range, as the public range services are: who asks
 * names the first bits of a SHA-1 and gets all that begin so (k-anonymity). Big-endian:
 *
 *   8 bytes  "CSMLEAK1"
 *   4 bytes  how many bits name a range
 *   4 bytes  how many entries
 *   (2^bits + 1) × 4 bytes  where each range begins, and the end
 *   20 bytes each  the SHA-1s in order
 */
export const MAGIC = 'CSMLEAK1';
export const HEADER_BYTES = 16;
export const SHA1_BYTES = 20;
/** A range holds about so many, so that it says little of what was asked for. */
const PER_RANGE = 64;
const MOST_BITS = 20;

export function sha1Of(password: string): Buffer {
  return createHash('sha1').update(password).digest();
}

/** Which range a SHA-1 falls into. */
export function rangeOf(sha1: Buffer, bits: number): number {
  return bits === 0 ? 0 : sha1.readUInt32BE(0) >>> (32 - bits);
}

/** The file for a list of SHA-1s, in any order. */
export function writeLeakedStore(hashes: readonly Buffer[]): Buffer {
  const sorted = hashes
    .toSorted((one, other) => Buffer.compare(one, other))
    .filter((hash, at, all) => at === 0 || !hash.equals(all[at - 1] ?? Buffer.alloc(0)));
  const wanted = Math.ceil(Math.log2(Math.max(1, sorted.length / PER_RANGE)));
  const bits = Math.min(MOST_BITS, wanted);
  const head = Buffer.alloc(HEADER_BYTES + (2 ** bits + 1) * 4);
  head.write(MAGIC, 'latin1');
  head.writeUInt32BE(bits, 8);
  head.writeUInt32BE(sorted.length, 12);
  let at = 0;
  for (let range = 0; range <= 2 ** bits; range += 1) {
    while (at < sorted.length && rangeOf(sorted[at] ?? Buffer.alloc(4), bits) < range) at += 1;
    head.writeUInt32BE(range === 2 ** bits ? sorted.length : at, HEADER_BYTES + range * 4);
  }
  return Buffer.concat([head, ...sorted]);
}
