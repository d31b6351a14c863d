import { isIP, isIPv4 } from 'node:net';
import type { Request } from 'express';

/**
 * The sender's address as PostgreSQL's `inet` takes it: without the zone of a link-local address
 * (RFC 4007), and as IPv4 where an IPv4 client meets an IPv6 socket. `request.ip` is the right-most
 * address that no declared proxy has (trusted-proxies.ts); where a proxy passed on something that is
 * no address, the proxy's own stands for it. Null when the sender has gone.
 */
export function addressOf({ ip, socket }: Sender): string | null {
  for (const candidate of [ip, socket?.remoteAddress]) {
    if (candidate === undefined) continue;
    const address = plainAddress(candidate);
    if (isIP(address) !== 0) return address;
  }
  return null;
}

type Sender = Pick<Request, 'ip'> & { socket?: { remoteAddress?: string | undefined } | undefined };

/** Without port, zone and mapping: some proxies add the port of the connection. */
export function plainAddress(text: string): string {
  const bare = /^\[([^\]]{1,60})\](?::\d{1,5})?$/.exec(text)?.[1] ?? text;
  const [address = ''] = bare.split('%');
  const mapped = address
    .replace(/^::ffff:/i, '')
    .replace(/^(\d{1,3}(?:\.\d{1,3}){3}):\d{1,5}$/, '$1');
  return isIPv4(mapped) ? mapped : address;
}
