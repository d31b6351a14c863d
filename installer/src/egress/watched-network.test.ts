import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findAccount } from '../host/accounts.ts';
import { runProgram } from '../host/run-program.ts';
import { type Canary, judge, type EgressReport } from './judge.ts';
import { makeSealedNetwork } from './sealed-network.ts';
import { RESOLVER, WatchedNetwork } from './watched-network.ts';

const possible =
  process.getuid?.() === 0 &&
  ['ip', 'nft', 'unshare'].every((name) => spawnSync(name, ['--version']).error === undefined);
const where = possible ? describe : describe.skip;

/** What a product does that calls home: it looks a name up and connects to what it was told. */
const beacon = (uid: number): string[] => [
  process.execPath,
  '-e',
  `process.setgid(${uid}); process.setuid(${uid});
   require('dns').lookup('home.example', (error, address) => {
     const socket = require('net').connect(443, address);
     setTimeout(() => process.exit(0), 300);
     socket.on('error', () => undefined);
   });`,
];

where('a watched network', () => {
  const dir = mkdtempSync(path.join(tmpdir(), 'cmw-'));
  const nobody = findAccount('nobody') ?? { name: 'nobody', uid: 65_534, gid: 65_534 };
  let sealed: Awaited<ReturnType<typeof makeSealedNetwork>>;
  let network: WatchedNetwork;
  const inside = (words: readonly string[]) => {
    const [file = '', ...args] = [...sealed.enter, ...words];
    return runProgram(file, args);
  };
  const look = async (canaries: readonly Canary[]): Promise<EgressReport> =>
    judge({
      ...{ mode: 'sealed', version: '', at: '', seconds: 1, peers: [], phases: [], canaries },
      seen: [await network.see()],
      accounts: { 12_345: 'beacon' },
    });

  beforeAll(async () => {
    sealed = await makeSealedNetwork(`casemate-test-${process.pid}`);
    network = new WatchedNetwork('host', { enter: sealed.enter, log: path.join(dir, 'names') });
    await network.open();
  }, 30_000);
  afterAll(async () => {
    network.close();
    await sealed.remove();
    rmSync(dir, { recursive: true });
  });

  it('DEP-07: catches its canary, and a program that calls home, each by its account', async () => {
    const canaries = [await network.sendCanary(nobody)];
    expect(await look(canaries)).toMatchObject({ ok: true, packets: 0, names: 0 });
    await inside(beacon(12_345));
    const found = await look(canaries);
    expect(found).toMatchObject({ ok: false, valid: true, canary_caught: true });
    expect(found.by_process['beacon']?.packets).toBeGreaterThan(0);
    expect(found.asked.map(({ account, name }) => [account, name])).toContainEqual([
      'beacon',
      'home.example',
    ]);
    expect(found.destinations.map(({ to }) => to).join(' ')).toMatch(
      /(203\.0\.113\.1|\[2001:db8::1\]):443\/tcp/,
    );
  }, 30_000);

  it('DEP-07: leaves loopback out, and counts what goes past the resolver', async () => {
    const before = await look([]);
    await inside(['bash', '-c', `echo x > /dev/udp/127.0.0.1/9; echo x > /dev/udp/${RESOLVER}/9`]);
    expect((await look([])).packets).toBe(before.packets);
    await inside(['bash', '-c', 'echo x > /dev/udp/192.0.2.53/53']);
    const { destinations } = await look([]);
    expect(destinations.map(({ to }) => to)).toContain('192.0.2.53:53/udp');
  }, 30_000);

  it('DEP-07: is blind without its counters, and says so', async () => {
    await inside(['nft', 'flush', 'ruleset']);
    await expect(network.see()).rejects.toThrow("can't be watched");
  }, 30_000);
});
