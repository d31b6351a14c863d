import { isIP } from 'node:net';

/** The 4 or 16 bytes of an IP address, as the alternative name of a certificate holds them. */
export function ipBytes(address: string): Buffer {
  const family = isIP(address);
  if (family === 4) return Buffer.from(address.split('.').map(Number));
  if (family !== 6) throw new RangeError(`'${address}' is not an IP address`);
  // URL brings every spelling (mixed notation too) to lower-case groups with at most one '::'.
  const canonical = new URL(`http://[${address.split('%')[0]}]/`).hostname.slice(1, -1);
  const [left = '', right] = canonical.split('::');
  const head = groups(left);
  const tail = groups(right ?? '');
  const zeros = new Array<number>(8 - head.length - tail.length).fill(0);
  const bytes = Buffer.alloc(16);
  [...head, ...zeros, ...tail].forEach((group, index) => bytes.writeUInt16BE(group, index * 2));
  return bytes;
}

function groups(text: string): number[] {
  return text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));
}
