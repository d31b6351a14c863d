import { isIPv4 } from 'node:net';
import type { Request } from 'express';

/**
 * The sender's address as PostgreSQL's `inet` takes it: without the zone of a link-local address
 * (RFC 4007), and as IPv4 where an IPv4 client meets an IPv6 socket. Null when it has gone.
 */
export function addressOf({ ip }: Pick<Request, 'ip'>): string | null {
  if (ip === undefined) return null;
  const [address = ''] = ip.split('%');
  const mapped = address.replace(/^::ffff:/i, '');
  return isIPv4(mapped) ? mapped : address;
}
