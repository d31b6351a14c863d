import net from 'node:net';
import { Fault } from '../fault.ts';

/** Whom the services of an instance may speak to outside this host: an address or a network, and a port. */
export type Peer = { address: string; protocol: 'tcp' | 'udp'; port: number };

/** Reads `192.0.2.9:5432`, `192.0.2.0/24:514/udp`, `[2001:db8::9]:443`; names could lead elsewhere tomorrow. */
export function parsePeer(text: string): Peer {
  const found = /^(?:\[([0-9a-f:]+)\]|([\d.]+))(\/\d{1,3})?:(\d{1,5})(?:\/(tcp|udp))?$/i.exec(text);
  const [, six, four, bits = '', port = '', protocol = 'tcp'] = found ?? [];
  const host = six ?? four ?? '';
  const family = net.isIP(host);
  const size = Number(bits.slice(1) || 1);
  if (family === 0 || size < 1 || size > (family === 4 ? 32 : 128) || !isPort(Number(port)))
    throw new Fault(`"${text}" names no peer`, {
      next: 'Write ADDRESS[/BITS]:PORT[/udp], an IPv6 address in brackets.',
      code: 'usage',
    });
  return { address: `${host}${bits}`, protocol: protocol as Peer['protocol'], port: Number(port) };
}

export function peerText({ address, protocol, port }: Peer): string {
  const [host = '', bits] = address.split('/');
  const place = host.includes(':') ? `[${host}]` : host;
  return `${place}${bits ? `/${bits}` : ''}:${port}${protocol === 'udp' ? '/udp' : ''}`;
}

export function isPeer(
  peer: Peer,
  sent: { address: string; protocol: string; port: number },
): boolean {
  if (peer.protocol !== sent.protocol || peer.port !== sent.port) return false;
  const [host = '', bits] = peer.address.split('/');
  const family = net.isIPv6(host) ? 'ipv6' : 'ipv4';
  const list = new net.BlockList();
  if (bits) list.addSubnet(host, Number(bits), family);
  else list.addAddress(host, family);
  return list.check(sent.address, net.isIPv6(sent.address) ? 'ipv6' : 'ipv4');
}

const isPort = (port: number): boolean => port > 0 && port <= 65_535;
