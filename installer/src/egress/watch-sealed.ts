import { mkdtempSync } from 'node:fs';
import { chmod, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Fault } from '../fault.ts';
import { findAccount, serviceAccounts } from '../host/accounts.ts';
import { runProgram } from '../host/run-program.ts';
import { networkOf, watchInnerNetworks } from './inner-networks.ts';
import { type Canary, type EgressReport, judge, type Seen, totalOf } from './judge.ts';
import type { Peer } from './peer.ts';
import { makeSealedNetwork } from './sealed-network.ts';
import { WatchedNetwork } from './watched-network.ts';

/** A network whose default route leads to a counting sink, while something is done in it. */
export type SealedWatch = {
  /** Words that run a program in it. */
  enter: readonly string[];
  /** A folder of this watch alone, through which every account may pass. */
  dir: string;
  /** Runs a program in it, and gives what it printed; throws when it ends with another code than 0. */
  run: (words: readonly string[], input?: string) => Promise<string>;
  /** Tells apart what left meanwhile. */
  phase: <T>(title: string, work: () => Promise<T>) => Promise<T>;
  /** As every account of a service, and from every inner network; wanted at the beginning and the end. */
  sendCanaries: () => Promise<void>;
  /** What left until now; canaries, and what is declared here, are told apart. */
  report: (declared?: readonly Peer[]) => Promise<EgressReport>;
};

type Wish = { version: string; progress: (text: string) => void };

/** Makes such a network, with resolver and counters, and removes it when `work` has ended. */
export async function watchSealed<T>(
  { version, progress }: Wish,
  work: (watch: SealedWatch) => Promise<T>,
): Promise<T> {
  const dir = mkdtempSync(path.join(tmpdir(), 'cme-'));
  await chmod(dir, 0o711);
  const sealed = await makeSealedNetwork(`casemate-egress-${process.pid}`);
  const watched = new WatchedNetwork('host', { enter: sealed.enter, log: path.join(dir, 'names') });
  const startedAt = performance.now();
  let inner: ReturnType<typeof watchInnerNetworks> | undefined;
  const networks = () => [watched, ...(inner?.list ?? [])];
  const seeAll = () => Promise.all(networks().map((one) => one.see()));
  const canaries: Canary[] = [];
  try {
    await watched.open();
    inner = watchInnerNetworks({ outer: await inodeOf(sealed.enter), logDir: dir });
    const { phase, phases } = measurePhases(seeAll, { canaries, progress });
    return await work({
      ...{ enter: sealed.enter, dir, phase },
      run: (words, input) => runIn(sealed.enter, words, input),
      sendCanaries: async () => {
        canaries.push(...(await sendCanaries(networks())));
      },
      report: async (declared = []) =>
        judge({
          ...{ mode: 'sealed', version, at: new Date().toISOString() },
          seconds: (performance.now() - startedAt) / 1000,
          seen: await seeAll(),
          ...{ canaries, peers: declared, phases, accounts: accountNames() },
        }),
    });
  } finally {
    await inner?.stop();
    for (const network of networks()) network.close();
    await sealed.remove();
    await rm(dir, { recursive: true, force: true });
  }
}

type Told = { canaries: readonly Canary[]; progress: (text: string) => void };

/** What left in each part of the measurement, canaries apart. */
function measurePhases(seeAll: () => Promise<Seen[]>, { canaries, progress }: Told) {
  const phases: EgressReport['phases'] = [];
  const phase: SealedWatch['phase'] = async (title, work) => {
    progress(title);
    const since = performance.now();
    const before = totalOf(await seeAll(), canaries);
    const done = await work();
    const after = totalOf(await seeAll(), canaries);
    phases.push({
      phase: title,
      seconds: Math.round((performance.now() - since) / 1000),
      packets: after.packets - before.packets,
      names: after.names - before.names,
    });
    return done;
  };
  return { phase, phases };
}

/** Every account of a service, by its uid; root installs. */
export function accountNames(): Record<number, string> {
  const found = Object.values(serviceAccounts).flatMap((name) => {
    const account = findAccount(name);
    return account ? [[account.uid, name] as const] : [];
  });
  return { 0: 'root (installer)', ...Object.fromEntries(found) };
}

/** As the owner of each network; from one that is everybody's, as every account of a service. */
export async function sendCanaries(networks: readonly WatchedNetwork[]): Promise<Canary[]> {
  const everybody = Object.values(serviceAccounts).flatMap((name) => findAccount(name) ?? []);
  const sending = networks.map((network) =>
    Promise.all(
      (network.owner ? [network.owner] : everybody).map((one) => network.sendCanary(one)),
    ),
  );
  return (await Promise.all(sending)).flat(2);
}

async function inodeOf(enter: readonly string[]): Promise<string> {
  const words = [...enter, 'readlink', '/proc/self/ns/net'];
  const { stdout } = await runProgram(words[0] ?? '', words.slice(1));
  const inode = stdout.trim();
  if (inode === '' || inode === networkOf('self')) throw new Fault('The network is not a new one');
  return inode;
}

async function runIn(
  enter: readonly string[],
  words: readonly string[],
  input = '',
): Promise<string> {
  const [file = '', ...args] = [...enter, ...words];
  const { code, stdout, stderr } = await runProgram(file, args, {
    inherit: true,
    input,
    timeoutMs: 900_000,
  });
  if (code === 0) return stdout;
  throw new Fault('The instance could not be measured', { why: stderr.trim().slice(-1500) });
}
