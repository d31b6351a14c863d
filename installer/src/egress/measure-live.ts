import { mkdtempSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Fault } from '../fault.ts';
import { runProgram } from '../host/run-program.ts';
import { COUNTING_TABLE } from './counting-rules.ts';
import { type EgressReport, judge } from './judge.ts';
import type { Peer } from './peer.ts';
import { accountNames, sendCanaries } from './watch-sealed.ts';
import { WatchedNetwork } from './watched-network.ts';

export type LiveWish = {
  version: string;
  peers: readonly Peer[];
  seconds: number;
  progress: (text: string) => void;
};

const NAMES_TABLE = 'casemate_egress_names';
const PORT = 25_353;

/**
 * Counts on the host itself while its instance works: packets of the service accounts, and their
 * questions for names, which go through a resolver of ours to the host's own. Nothing is refused.
 * What others on this host send is not counted.
 */
export async function measureLive(wish: LiveWish): Promise<EgressReport> {
  const { 0: _root, ...accounts } = accountNames();
  const uids = Object.keys(accounts).map(Number);
  if (uids.length === 0)
    throw new Fault('There are no service accounts on this host', {
      why: 'An instance of an ordinary user runs as that user, whose other programs send, too.',
      next: 'Run `casemate egress verify` without --live as root.',
    });
  const dir = mkdtempSync(path.join(tmpdir(), 'cme-'));
  const network = new WatchedNetwork('host', { enter: [], log: path.join(dir, 'names') });
  const startedAt = performance.now();
  try {
    await network.listen(uids, ['127.0.0.1', String(PORT), hostResolver()]);
    await nft(leadNames(uids));
    const canaries = await sendCanaries([network]);
    wish.progress(`counting for ${wish.seconds} s`);
    await sleep(wish.seconds * 1000);
    canaries.push(...(await sendCanaries([network])));
    const seen = [await network.see()];
    const seconds = (performance.now() - startedAt) / 1000;
    const facts = {
      ...{ mode: 'live' as const, version: wish.version, at: new Date().toISOString(), seconds },
      ...{ seen, canaries, peers: wish.peers, phases: [], accounts },
    };
    const { packets, names } = judge(facts);
    const phases = [{ phase: 'live', seconds: Math.round(seconds), packets, names }];
    return judge({ ...facts, phases });
  } finally {
    network.close();
    for (const table of [NAMES_TABLE, COUNTING_TABLE])
      await nft(`table inet ${table}\ndelete table inet ${table}\n`);
    await rm(dir, { recursive: true, force: true });
  }
}

/** Questions of these accounts for names go to our resolver, wherever they were addressed to. */
function leadNames(uids: readonly number[]): string {
  return `
table inet ${NAMES_TABLE}
delete table inet ${NAMES_TABLE}
table inet ${NAMES_TABLE} {
  chain output {
    type nat hook output priority -100; policy accept;
    meta skuid { ${uids.join(', ')} } meta nfproto ipv4 meta l4proto { tcp, udp } th dport 53 redirect to :${PORT}
  }
}
`;
}

/** The first nameserver of the host; loopback when it names none, where then nobody answers. */
function hostResolver(): string {
  const text = readFileSync('/etc/resolv.conf', 'utf8');
  const found = [...text.matchAll(/^nameserver\s+(\S+)/gm)].map(([, address]) => address ?? '');
  return found.find((address) => net.isIP(address) !== 0) ?? '127.0.0.1';
}

async function nft(rules: string): Promise<void> {
  const { code, stderr } = await runProgram('nft', ['-f', '-'], { input: rules });
  if (code !== 0) throw new Fault('nftables can not be used here', { why: stderr.trim() });
}
