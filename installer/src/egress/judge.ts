import { isPeer, type Peer } from './peer.ts';
import type { Counts, Sent } from './read-counts.ts';

export type AskedName = { uid: number; name: string };

/** A try to get out that was made on purpose, in one network, as one account. */
export type Canary = { uid: number; network: string; address: string; port: number; name: string };

/** What one watched network saw, until now. */
export type Seen = { network: string; counts: Counts; names: readonly AskedName[] };

export type EgressReport = {
  ok: boolean;
  /** False when a canary was not caught: then the counters prove nothing. */
  valid: boolean;
  mode: 'sealed' | 'live';
  version: string;
  at: string;
  seconds: number;
  packets: number;
  names: number;
  canary_caught: boolean;
  by_process: Record<string, { packets: number; names: number }>;
  destinations: { account: string; to: string; packets: number }[];
  asked: { account: string; name: string; times: number }[];
  declared: { to: string; packets: number }[];
  canaries: { account: string; network: string; address: boolean; name: boolean }[];
  phases: { phase: string; seconds: number; packets: number; names: number }[];
  networks: number;
};

export type Facts = {
  mode: 'sealed' | 'live';
  version: string;
  at: string;
  seconds: number;
  seen: readonly Seen[];
  canaries: readonly Canary[];
  /** What the operator has declared; a packet to them is no attempt. */
  peers: readonly Peer[];
  phases: EgressReport['phases'];
  /** Accounts that appear in the report even with nothing to say of them. */
  accounts: Readonly<Record<number, string>>;
};

const MOST_LISTED = 100;

/** Decides: what was counted apart from the canaries and the declared peers, and whether they count. */
export function judge(facts: Facts): EgressReport {
  const { seen, canaries, peers } = facts;
  const nameOf = (uid: number): string =>
    facts.accounts[uid] ?? (uid < 0 ? 'unknown' : `uid ${uid}`);
  const sent = seen.flatMap(({ counts }) => counts.sent).filter((one) => !ofCanary(one, canaries));
  const declared = sent.filter((one) => isDeclared(one, peers));
  const attempts = sent.filter((one) => !isDeclared(one, peers));
  const asked = seen
    .flatMap(({ names }) => names)
    .filter(({ name }) => !canaries.some((one) => one.name === name));
  const kernel = sum(seen.map(({ counts }) => counts.kernel + counts.unattributed));
  const byProcess: EgressReport['by_process'] = Object.fromEntries(
    Object.values(facts.accounts).map((name) => [name, { packets: 0, names: 0 }]),
  );
  const of = (name: string) => (byProcess[name] ??= { packets: 0, names: 0 });
  for (const { uid, packets } of attempts) of(nameOf(uid)).packets += packets;
  for (const { uid } of asked) of(nameOf(uid)).names += 1;
  if (kernel > 0) of('kernel').packets += kernel;
  const caught = canaries.map((canary) => catchCanary(canary, seen, nameOf));
  const canaryCaught = caught.length > 0 && caught.every(({ address, name }) => address && name);
  const packets = sum(attempts.map((one) => one.packets)) + kernel;
  return {
    ok: canaryCaught && packets === 0 && asked.length === 0,
    valid: canaryCaught,
    mode: facts.mode,
    version: facts.version,
    at: facts.at,
    seconds: Math.round(facts.seconds),
    packets,
    names: asked.length,
    canary_caught: canaryCaught,
    by_process: byProcess,
    destinations: attempts
      .map((one) => ({ account: nameOf(one.uid), to: place(one), packets: one.packets }))
      .slice(0, MOST_LISTED),
    asked: countNames(asked, nameOf).slice(0, MOST_LISTED),
    declared: declared.map((one) => ({ to: place(one), packets: one.packets })),
    canaries: caught,
    phases: facts.phases,
    networks: seen.length,
  };
}

/** Everything that left and was asked for until now, canaries and all: to take phases apart. */
export function totalOf(
  seen: readonly Seen[],
  canaries: readonly Canary[],
): { packets: number; names: number } {
  const { packets, names } = judge({
    ...{ mode: 'live', version: '', at: '', seconds: 0, peers: [], phases: [], accounts: {} },
    seen,
    canaries,
  });
  return { packets, names };
}

function catchCanary(
  canary: Canary,
  seen: readonly Seen[],
  nameOf: (uid: number) => string,
): EgressReport['canaries'][number] {
  const own = seen.find(({ network }) => network === canary.network);
  const tcpAndUdp = (own?.counts.sent ?? []).filter(
    (one) => ofCanary(one, [canary]) && one.uid === canary.uid && one.packets > 0,
  );
  return {
    account: nameOf(canary.uid),
    network: canary.network,
    address: ['tcp', 'udp'].every((kind) => tcpAndUdp.some(({ protocol }) => protocol === kind)),
    name: (own?.names ?? []).some(({ uid, name }) => uid === canary.uid && name === canary.name),
  };
}

const ofCanary = ({ address, port }: Sent, canaries: readonly Canary[]): boolean =>
  canaries.some((canary) => canary.address === address && [canary.port, 53].includes(port));

const isDeclared = (one: Sent, peers: readonly Peer[]): boolean =>
  peers.some((peer) => isPeer(peer, one));

const place = ({ address, protocol, port }: Sent): string =>
  `${address.includes(':') ? `[${address}]` : address}:${port}/${protocol}`;

function countNames(
  asked: readonly AskedName[],
  nameOf: (uid: number) => string,
): EgressReport['asked'] {
  const found = new Map<string, EgressReport['asked'][number]>();
  for (const { uid, name } of asked) {
    const row = found.get(`${uid} ${name}`) ?? { account: nameOf(uid), name, times: 0 };
    row.times += 1;
    found.set(`${uid} ${name}`, row);
  }
  return [...found.values()];
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);
