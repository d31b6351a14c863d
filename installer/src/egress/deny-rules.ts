import { createHash } from 'node:crypto';
import { runProgram } from '../host/run-program.ts';
import { peerText, type Peer } from './peer.ts';

/** Of one instance; several may be on a host, and what one forbids no other allows. */
export function denyTable(instance: string): string {
  return `casemate_${instance.replaceAll('-', '_')}`;
}

/**
 * Nothing leaves by default: the service accounts may answer those who called, use loopback, and reach
 * the declared peers. All else is refused at once, and counted.
 */
export function denyRules(
  instance: string,
  { uids, peers }: { uids: readonly number[]; peers: readonly Peer[] },
): string {
  const table = denyTable(instance);
  const allowed = peers.map(({ address, protocol, port }) => {
    const family = address.includes(':') ? 'ip6' : 'ip';
    return `    ${family} daddr ${address} ${protocol} dport ${port} accept\n`;
  });
  const rules = `
  counter refused { }
  chain service {
    ct direction reply accept
${allowed.join('')}    counter name refused
    reject with icmpx type admin-prohibited
  }
  chain output {
    type filter hook output priority 0; policy accept;
    oifname "lo" accept
    ip daddr 127.0.0.0/8 accept
    meta skuid { ${uids.join(', ')} } goto service
  }
`;
  // Loopback by its addresses, too: a question that `verify --live` leads to its own resolver still bears the
  // interface that it had before. The empty chain says which rules these are.
  return `
table inet ${table}
delete table inet ${table}
table inet ${table} {
  chain ${digestOf(rules)} { }
${rules}}
`;
}

const digestOf = (rules: string): string =>
  `rules_${createHash('sha256').update(rules).digest('hex').slice(0, 16)}`;

/** Whether exactly these are in the kernel. */
export async function hasDenyRules(instance: string, rules: string): Promise<boolean> {
  const { code, stdout } = await nft(['list', 'table', 'inet', denyTable(instance)]);
  const wanted = /chain (rules_\w+)/.exec(rules)?.[1] ?? 'none';
  return code === 0 && stdout.includes(`chain ${wanted} `);
}

/** Puts them into the kernel. Resolves with why it was not possible, or null. */
export async function applyDenyRules(rules: string): Promise<string | null> {
  const { code, stderr } = await nft(['-f', '-'], rules);
  return code === 0 ? null : stderr.trim().split('\n')[0] || 'nft failed';
}

export async function removeDenyRules(instance: string): Promise<void> {
  const table = `table inet ${denyTable(instance)}`;
  await nft(['-f', '-'], `${table}\ndelete ${table}\n`);
}

/** Tables of other instances, also of those that are gone: what one of them forbids stays forbidden. */
export async function listOtherTables(instance: string): Promise<string[]> {
  const { stdout } = await nft(['list', 'tables', 'inet']);
  const found = [...stdout.matchAll(/^table inet (casemate_\w+)$/gm)].map(([, name = '']) => name);
  const counting = /^casemate_egress_(names|count)$/;
  return found.filter((name) => name !== denyTable(instance) && !counting.test(name));
}

/** How many packets they have refused; null when they are not in the kernel. */
export async function readRefused(instance: string): Promise<number | null> {
  const { code, stdout } = await nft(['-j', 'list', 'table', 'inet', denyTable(instance)]);
  if (code !== 0) return null;
  const { nftables } = JSON.parse(stdout) as {
    nftables: readonly { counter?: { name: string; packets: number } }[];
  };
  return nftables.find(({ counter }) => counter?.name === 'refused')?.counter?.packets ?? null;
}

export const peersText = (peers: readonly Peer[]): string =>
  peers.length === 0 ? 'nobody' : peers.map(peerText).join(', ');

async function nft(args: readonly string[], input = '') {
  return runProgram('nft', args, { input, timeoutMs: 10_000 }).catch(() => ({
    code: 127,
    stdout: '',
    stderr: 'there is no nft(8) on this host',
  }));
}
