import { BlockList, isIP, isIPv4 } from 'node:net';

/** One network: an address, or an address with the length of its prefix (RFC 4632, RFC 4291). */
const NETWORK = /^([0-9a-f:.]{2,45})(?:\/(\d{1,3}))?$/i;

/** `10.1.0.0/16`, `2001:db8::/32`; a single address becomes a network of one. Null for what is none. */
export function plainNetwork(text: string): string | null {
  const [, address = '', length] = NETWORK.exec(text.trim()) ?? [];
  const family = isIP(address);
  if (family === 0) return null;
  const most = family === 4 ? 32 : 128;
  const bits = length === undefined ? most : Number(length);
  return bits <= most ? `${address.toLowerCase()}/${bits}` : null;
}

/** True where nothing is listed, or one of the networks has the address; false for an unknown address. */
export function allowsAddress(networks: readonly string[], address: string | null): boolean {
  if (networks.length === 0) return true;
  if (address === null) return false;
  const list = new BlockList();
  for (const network of networks) {
    const [base = '', bits = ''] = network.split('/');
    list.addSubnet(base, Number(bits), isIPv4(base) ? 'ipv4' : 'ipv6');
  }
  return list.check(address, isIPv4(address) ? 'ipv4' : 'ipv6');
}
