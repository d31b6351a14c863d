import type { Host } from './host.ts';

export type ListeningSocket = { address: string; port: number; inode: string };

/** Every TCP socket of this host that listens, from /proc/net/tcp and tcp6. */
export async function listListeningSockets(
  host: Pick<Host, 'readText'>,
): Promise<ListeningSocket[]> {
  const texts = await Promise.all(['/proc/net/tcp', '/proc/net/tcp6'].map(host.readText));
  return texts.flatMap((text) => parseListening(text ?? ''));
}

/** State 0A is LISTEN; addresses are in words of the machine's byte order (little endian here). */
export function parseListening(text: string): ListeningSocket[] {
  return text
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const fields = line.trim().split(/\s+/);
      const [addressHex = '', portHex = ''] = (fields[1] ?? '').split(':');
      if (fields[3] !== '0A') return [];
      const port = Number.parseInt(portHex, 16);
      return [{ address: decodeAddress(addressHex), port, inode: fields[9] ?? '' }];
    });
}

function decodeAddress(hex: string): string {
  const words = hex.match(/.{8}/g) ?? [];
  const bytes = words.flatMap((word) => [...Buffer.from(word, 'hex').reverse()]);
  if (bytes.length === 4) return bytes.join('.');
  const groups = Array.from({ length: 8 }, (_none, index) =>
    ((bytes[index * 2] ?? 0) * 256 + (bytes[index * 2 + 1] ?? 0)).toString(16),
  );
  return new URL(`http://[${groups.join(':')}]/`).hostname.slice(1, -1);
}

/** Loopback of either family; everything else may be reached from outside. */
export function isLoopback(address: string): boolean {
  return address === '::1' || /^127\./.test(address) || address.startsWith('::ffff:7f');
}
