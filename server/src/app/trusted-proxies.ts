import { BlockList, isIP } from 'node:net';
import type { Config } from '../platform/index.ts';
import { plainAddress } from './address-of.ts';

/**
 * Whether a peer is a declared proxy, as Express' setting `trust proxy` asks it: `request.ip` is then
 * the right-most address that is none, and a header that anybody else sends is not looked at.
 */
export function trustProxies(config: Config): (address: string) => boolean {
  const declared = new BlockList();
  for (const entry of config.CASEMATE_TRUSTED_PROXIES) {
    const [address = '', bits] = entry.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (bits === undefined) declared.addAddress(address, family);
    else declared.addSubnet(address, Number(bits), family);
  }
  return (peer) => {
    const address = plainAddress(peer);
    const family = isIP(address);
    return family !== 0 && declared.check(address, family === 6 ? 'ipv6' : 'ipv4');
  };
}
