import { mkdtempSync } from 'node:fs';
import { chmod, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Fault } from '../fault.ts';
import { findAccount, serviceAccounts } from '../host/accounts.ts';
import { runProgram } from '../host/run-program.ts';
import { networkOf, watchInnerNetworks } from './inner-networks.ts';
import { type Canary, type EgressReport, judge, type Seen, totalOf } from './judge.ts';
import { makeSealedNetwork } from './sealed-network.ts';
import { WatchedNetwork } from './watched-network.ts';

export type SealedWish = {
  version: string;
  /** More flags for the installation: where its components come from. */
  installFlags: readonly string[];
  /** Words that start `casemate`. */
  casemate: readonly string[];
  idleSeconds: number;
  progress: (text: string) => void;
  /** The tool is shown to notice: an instance with this in its way out is measured. */
  meanwhile?: (inside: Inside) => Promise<void>;
  /** Has the report signed by the measured instance, before that is removed. */
  sign: (report: EgressReport, place: Place) => Promise<EgressReport>;
};

export type Place = { instance: string; dataDir: string };
export type Inside = { enter: readonly string[]; place: Place };

/**
 * Installs an instance of its own in a network whose default route leads to a counting sink, uses it,
 * lets it idle, and removes it. Canaries go out at the beginning and at the end, as every account and
 * from every inner network.
 */
export async function measureSealed(wish: SealedWish): Promise<EgressReport> {
  const name = `casemate-egress-${process.pid}`;
  const dir = mkdtempSync(path.join(tmpdir(), 'cme-'));
  await chmod(dir, 0o711);
  const own: Place = { instance: `egress-${process.pid}`, dataDir: path.join(dir, 'home') };
  const place = ['--instance', own.instance, '--data-dir', own.dataDir];
  const sealed = await makeSealedNetwork(name);
  const inside: Inside = { enter: sealed.enter, place: own };
  const watched = new WatchedNetwork('host', { enter: sealed.enter, log: path.join(dir, 'names') });
  const startedAt = performance.now();
  let inner: ReturnType<typeof watchInnerNetworks> | undefined;
  const casemate = (words: readonly string[]) => run(sealed.enter, [...wish.casemate, ...words]);
  try {
    await watched.open();
    inner = watchInnerNetworks({
      outer: await inodeOf(sealed.enter),
      logDir: dir,
    });
    const canaries: Canary[] = [];
    const networks = () => [watched, ...(inner?.list ?? [])];
    const { phase, phases, seeAll } = measurePhases(networks, {
      canaries,
      progress: wish.progress,
    });
    let address = '';
    let setupLink = '';
    await phase('install', async () => {
      const flags = ['--bind', '127.0.0.1', '--host-name', 'localhost', '--https-port', '8443'];
      const words = ['install', '--yes', '--json', '--http-port', '0', ...flags];
      const told = await casemate([...words, ...wish.installFlags, ...place]);
      ({ address, setupLink } = JSON.parse(told) as { address: string; setupLink: string });
    });
    canaries.push(...(await sendCanaries(networks())));
    await phase('use', async () => {
      const caFile = path.join(dir, 'home/config/tls/ca.crt');
      await run(
        sealed.enter,
        [process.execPath, path.join(import.meta.dirname, 'use-instance.ts')],
        JSON.stringify({ address, setupLink, caFile }),
      );
    });
    await wish.meanwhile?.(inside);
    await phase('idle', () => sleep(wish.idleSeconds * 1000).then(() => undefined));
    canaries.push(...(await sendCanaries(networks())));
    const report = judge({
      mode: 'sealed',
      version: wish.version,
      at: new Date().toISOString(),
      seconds: (performance.now() - startedAt) / 1000,
      seen: await seeAll(),
      canaries,
      peers: [],
      phases,
      accounts: accountNames(),
    });
    return await wish.sign(report, own);
  } finally {
    wish.progress('removing the instance');
    await inner?.stop();
    await casemate(['uninstall', '--purge', '--yes', ...place]).catch(() => undefined);
    for (const network of [watched, ...(inner?.list ?? [])]) network.close();
    await sealed.remove();
    await rm(dir, { recursive: true, force: true });
  }
}

type Phases = {
  phase: (title: string, work: () => Promise<void>) => Promise<void>;
  phases: EgressReport['phases'];
  seeAll: () => Promise<Seen[]>;
};

/** What left in each part of the measurement, canaries apart. */
function measurePhases(
  networks: () => readonly WatchedNetwork[],
  { canaries, progress }: { canaries: readonly Canary[]; progress: (text: string) => void },
): Phases {
  const phases: EgressReport['phases'] = [];
  const seeAll = () => Promise.all(networks().map((one) => one.see()));
  return {
    phases,
    seeAll,
    phase: async (title, work) => {
      progress(title);
      const since = performance.now();
      const before = totalOf(await seeAll(), canaries);
      await work();
      const after = totalOf(await seeAll(), canaries);
      phases.push({
        phase: title,
        seconds: Math.round((performance.now() - since) / 1000),
        packets: after.packets - before.packets,
        names: after.names - before.names,
      });
    },
  };
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

async function run(
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
