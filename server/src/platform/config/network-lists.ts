import { isIP } from 'node:net';
import { z } from 'zod';

const entries = z
  .string()
  .transform((text) => text.split(',').map((entry) => entry.trim()))
  .pipe(z.array(z.string()).max(100));

/** Origins as browsers write them (RFC 6454): `https://name[:port]`, no wildcard, no path, no null. */
export const originList: z.ZodType<readonly string[], string> = entries.refine(
  (list) => list.every(isHttpsOrigin),
  'must be exact origins like https://portal.example.com, apart by commas; no wildcard, no null',
);

/** Addresses and networks in CIDR notation. A network of everybody would make all headers believed. */
export const networkList: z.ZodType<readonly string[], string> = entries.refine(
  (list) => list.every(isNetwork),
  'must be addresses or networks like 10.0.0.5 or 10.1.0.0/24, apart by commas; never all addresses',
);

function isHttpsOrigin(text: string): boolean {
  return (
    /^https:\/\/[a-z0-9.:[\]-]{1,260}$/.test(text) &&
    URL.canParse(text) &&
    new URL(text).origin === text
  );
}

function isNetwork(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/');
  const family = isIP(address);
  if (family === 0 || address.includes('%') || more.length > 0) return false;
  if (bits === undefined) return true;
  return /^[1-9]\d{0,2}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128);
}
