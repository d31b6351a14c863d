import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Fault } from '../fault.ts';
import { plainEnv, runProgram } from '../host/run-program.ts';
import type { Owner } from '../host/write-file.ts';
import { COUNTING_TABLE, countingRules } from './counting-rules.ts';
import type { AskedName, Canary, Seen } from './judge.ts';
import { type Counts, readCounts } from './read-counts.ts';

/** Inside a network of ours; TEST-NET-2 and the documentation prefix: nobody's addresses. */
export const RESOLVER = '198.51.100.53';
const OWN = ['198.51.100.2/24', '2001:db8::2/64'] as const;

const NODE = [process.execPath, '--disable-warning=ExperimentalWarning'] as const;
const program = (name: string): string => path.join(import.meta.dirname, name);

/** Adds a default route that leads to a sink: a pair of interfaces, whose other end drops everything. */
const routeToSink = [
  'ip link set lo up',
  `ip addr replace ${RESOLVER}/32 dev lo`,
  'ip link add casemate-out type veth peer name casemate-sink',
  'ip link set casemate-out arp off',
  'ip link set casemate-sink arp off',
  'ip link set casemate-out addrgenmode none',
  'ip link set casemate-sink addrgenmode none',
  `ip addr add ${OWN[0]} dev casemate-out`,
  'ip link set casemate-sink up',
  'ip link set casemate-out up',
  'ip route add default dev casemate-out',
  // A host without IPv6 has no way out by it.
  `{ ip -6 addr add ${OWN[1]} dev casemate-out nodad && ip -6 route add default dev casemate-out; } 2>/dev/null || true`,
].join(' && ');

/** What stands for an account that a user namespace does not know (overflowuid, proc(5)). */
const UNMAPPED = 65_534;

type NetworkOptions = {
  enter: readonly string[];
  log: string;
  owner?: Owner;
  inUserNamespace?: boolean;
};

/** Words that run a program in the network of a process, and with the files that it sees. */
export const enterOf = (pid: number): readonly string[] => [
  'nsenter',
  `--net=/proc/${pid}/ns/net`,
  `--mount=/proc/${pid}/ns/mnt`,
];

/** A network namespace whose every packet to the outside is counted, and every name written down. */
export class WatchedNetwork {
  readonly name: string;
  /** Whose network it is; null for all accounts. */
  readonly owner: Owner | null;
  #enter: readonly string[];
  readonly #log: string;
  /** In a user namespace the kernel tells its owner as root, or not at all. */
  readonly #inUserNamespace: boolean;
  #ownResolver = false;
  #resolver: ChildProcess | undefined;

  constructor(name: string, options: NetworkOptions) {
    this.name = name;
    this.owner = options.owner ?? null;
    this.#enter = options.enter;
    this.#log = options.log;
    this.#inUserNamespace = options.inUserNamespace ?? false;
  }

  /** Makes the way out, the counters and the resolver, which also keeps the namespace. */
  async open(): Promise<void> {
    await this.#start(`${routeToSink} && nft -f -`, {
      rules: countingRules(),
      resolver: [RESOLVER, '53'],
    });
  }

  /** The same on a network that has its ways already: counters for these accounts, and a resolver. */
  async listen(accounts: readonly number[], resolver: readonly string[]): Promise<void> {
    this.#ownResolver = true;
    await this.#start('nft -f -', { rules: countingRules(accounts), resolver });
  }

  /** What was seen until now; the last known once the namespace has gone. */
  async see(): Promise<Seen> {
    const words = ['nft', '-j', 'list', 'table', 'inet', COUNTING_TABLE];
    const counts = readCounts(await this.#run(words));
    return { network: this.name, counts: this.#named(counts), names: this.#names() };
  }

  /** Tries to get out, as the account of a service. */
  async sendCanary(owner: Owner): Promise<Canary> {
    const random = randomBytes(6);
    const canary: Canary = {
      uid: owner.uid,
      network: this.name,
      address: `203.0.113.${100 + ((random[0] ?? 0) % 100)}`,
      port: 1024 + (random.readUInt16BE(1) % 60_000),
      name: `canary-${random.toString('hex')}.example`,
    };
    const who = [String(owner.uid), String(owner.gid)];
    const where = [
      canary.address,
      String(canary.port),
      canary.name,
      ...(this.#ownResolver ? [canary.address] : []),
    ];
    await this.#run([...NODE, program('canary.ts'), ...who, ...where]);
    return canary;
  }

  close(): void {
    this.#resolver?.kill('SIGTERM');
  }

  #named(counts: Counts): Counts {
    const { owner } = this;
    if (!owner || !this.#inUserNamespace) return counts;
    const sent = counts.sent.map((one) =>
      [0, UNMAPPED].includes(one.uid) ? { ...one, uid: owner.uid } : one,
    );
    return { ...counts, sent };
  }

  #names(): AskedName[] {
    if (!existsSync(this.#log)) return [];
    const lines = readFileSync(this.#log, 'utf8').split('\n').filter(Boolean);
    return lines.map((line) => JSON.parse(line) as AskedName);
  }

  /** In one process, because whoever made the namespace may end at any moment. */
  async #start(script: string, { rules, resolver }: Listening): Promise<void> {
    const listen = [...NODE, program('resolver.ts'), this.#log, ...resolver];
    const words = [...this.#enter, '/bin/sh', '-ec', `${script} && exec "$@"`, 'sh', ...listen];
    const child = spawn(words[0] ?? '', words.slice(1), { env: plainEnv, cwd: '/' });
    this.#resolver = child;
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    child.stdin.on('error', () => undefined);
    child.stdin.end(rules);
    const ready = await Promise.race([
      once(child.stdout, 'data').then(() => true),
      once(child, 'exit').then(() => false),
    ]);
    if (!ready) throw this.#fault(said);
    // It holds the namespaces when whoever made them has ended.
    if (this.owner) this.#enter = enterOf(child.pid ?? 0);
  }

  #fault(why: string): Fault {
    return new Fault(`The network "${this.name}" can't be watched`, {
      why: why.trim(),
      next: 'It takes root, ip(8) and nft(8): see docs/egress.md.',
    });
  }

  async #run(words: readonly string[], input = ''): Promise<string> {
    const [file = '', ...args] = [...this.#enter, ...words];
    const { code, stdout, stderr } = await runProgram(file, args, { input, timeoutMs: 30_000 });
    if (code === 0) return stdout;
    throw this.#fault(`${words.slice(0, 2).join(' ')}: ${stderr.trim()}`);
  }
}

type Listening = { rules: string; resolver: readonly string[] };
