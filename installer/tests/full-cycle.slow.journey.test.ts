import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { makeReleaseKey } from '../src/bundle/signing.ts';
import { deriveBundle } from '../src/bundle/testing/derive-bundle.ts';
import {
  checkoutDir,
  makeRelease,
  unpackRelease,
  type Release,
} from '../src/bundle/testing/make-release.ts';
import { casemateVersion } from '../src/commands/version.ts';
import { ownTries } from '../src/egress/try-way-out.ts';
import { watchSealed, type SealedWatch } from '../src/egress/watch-sealed.ts';
import { makeEarlierRelease, recorded } from './earlier-release.ts';
import { runCommand, type Outcome } from './run-command.ts';
import type { Visit, Visited } from './visit-again.ts';

type Installed = { address: string; setupLink: string };
type Plan = { migrations: string[]; contracts: string[]; components: { name: string }[] };
type Made = { id: string; complete: boolean };
type Walked = { token: string; answer: string; other: string; faults: string[] };

const dir = mkdtempSync(path.join(tmpdir(), 'cmcycle-'));
chmodSync(dir, 0o711);
const home = path.join(dir, 'home');
const own = path.join(dir, 'own');
const target = path.join(dir, 'target');
const caFile = path.join(home, 'config/tls/ca.crt');
const keyFile = path.join(dir, 'recipient.key');
const key = makeReleaseKey();
const place = ['--instance', `cycle-${process.pid}`, '--data-dir', home];

const plain = ['PATH=/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin', `HOME=${own}`];
/** Of somebody whose host is not ours: proxies and servers of the site, all of them in the sink. */
const surroundings = [
  ...plain,
  ...['http_proxy', 'https_proxy', 'all_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY'].map(
    (name) => `${name}=http://203.0.113.7:3128`,
  ),
  ...['PGHOST=203.0.113.7', 'PGPORT=5432', 'VAULT_ADDR=https://203.0.113.7:8200'],
  ...['BAO_ADDR=https://203.0.113.7:8200', 'OLLAMA_HOST=203.0.113.7:11434'],
];

let watch: SealedWatch;
let end: () => void;
let ended: Promise<void>;
let earlier: Release;
let present: Release;
let less: Release;
let visit: Visit;
let made: Made;
let visits = 0;
let other: ChildProcess;
let othersCalls = '';

/** Another PostgreSQL, as far as anybody could tell who looks at its port. */
function startOther(): void {
  const program =
    "require('net').createServer((one) => { console.log('called'); one.destroy(); }).listen(5432, '127.0.0.1')";
  const words = [...watch.enter, process.execPath, '-e', program];
  other = spawn('env', words, { stdio: ['ignore', 'pipe', 'inherit'] });
  other.stdout?.on('data', (chunk: Buffer) => (othersCalls += chunk.toString()));
}

/** In the network whose every packet is counted. */
const inside = (words: readonly string[], env = surroundings): Promise<Outcome> =>
  runCommand([...watch.enter, 'env', '-i', ...env, ...words]);
const casemate = (...words: string[]) =>
  inside([path.join(home, 'bin/casemate'), ...words, ...place, '--json']);
/** With what it said where it failed. */
const expectDone = ({ code, said }: Outcome) =>
  expect([code, said.slice(-1500)]).toEqual([0, said.slice(-1500)]);
const server = () =>
  (
    JSON.parse(readFileSync(path.join(home, 'config/instance.json'), 'utf8')) as {
      server: { version: string; checksum: string };
    }
  ).server;
const checksumOf = ({ manifest }: Release) => (JSON.parse(manifest) as { server: string }).server;

/** Signs in, asks about the same document, and finds every conversation from before. */
async function expectServed(): Promise<void> {
  const said = await watch.run(
    [process.execPath, path.join(import.meta.dirname, 'visit-again.ts')],
    JSON.stringify(visit),
  );
  const visited = JSON.parse(said) as Visited;
  const { enrolled } = visited;
  expect(visited).toEqual({ answered: true, cited: true, conversations: visits, enrolled });
  // Once: what an upgrade demands of an administrator stays with them, over a way back and a restore too.
  expect([visits, enrolled !== null]).toEqual([visits, visits === 1]);
  const { secrets = [] } = visit.person;
  if (enrolled !== null)
    visit = { ...visit, person: { ...visit.person, secrets: [...secrets, enrolled] } };
  visits += 1;
}

beforeAll(async () => {
  mkdirSync(own);
  earlier = await makeEarlierRelease(mkdirIn('earlier'), key);
  present = await makeRelease({ dir: path.join(dir, 'present'), key });
  const since = earlier.manifest;
  less = await makeRelease({ dir: path.join(dir, 'less'), key, since, split: 8e6 });
  const wish = { version: casemateVersion(), progress: () => undefined };
  await new Promise<void>((opened, failed) => {
    ended = watchSealed(wish, async (made) => {
      watch = made;
      opened();
      await new Promise<void>((done) => (end = done));
    });
    ended.catch(failed);
  });
  startOther();
}, 900_000);

afterAll(async () => {
  if (existsSync(path.join(home, 'bin/casemate'))) await casemate('uninstall', '--purge', '--yes');
  other.kill('SIGKILL');
  end();
  await ended;
  rmSync(dir, { recursive: true, force: true });
}, 120_000);

function mkdirIn(name: string): string {
  const to = path.join(dir, name);
  mkdirSync(to);
  return to;
}

describe('one bundle, from its making to its silence', () => {
  it('DEP-05: the earlier version is verified by stock tools, and installs with no network', async () => {
    const { name, fingerprint, dir: from } = earlier;
    const flags = '--yes --bind 127.0.0.1 --host-name localhost --https-port 8443 --http-port 0';
    const script = `
      cd ${dir} && sh ${from}/${name}.verify.sh ${fingerprint} >&2 &&
      mkdir un && tar -xf ${from}/${name}.tar --strip-components=1 -C un &&
      un/install.sh --signer ${fingerprint} ${flags} ${place.join(' ')} --json \
        --cache-dir ${dir}/cache --storage-encryption without`;
    // Its installer still asked the Ollama that OLLAMA_HOST names for a version.
    const installed = await watch.phase('install', () => inside(['bash', '-c', script], plain));
    expectDone(installed);
    const { address, setupLink } = installed.answer as Installed;
    await watch.sendCanaries();
    const used = await watch.phase('use', () =>
      watch.run(
        [process.execPath, path.join(checkoutDir, 'installer/src/egress/use-instance.ts')],
        JSON.stringify({ address, setupLink, caFile }),
      ),
    );
    visit = { ...(JSON.parse(used) as Visit), address, caFile };
    visits = 1;
    expect(server().checksum).toBe(checksumOf(earlier));
  }, 900_000);

  it('DEP-06: a dry run says what would change, and changes nothing', async () => {
    const before = readFileSync(path.join(home, 'config/instance.json'), 'utf8');
    const words = ['upgrade', less.archive, '--dry-run'];
    const tried = await watch.phase('dry run', () => casemate(...words));
    expectDone(tried);
    const { migrations, contracts, components } = tried.answer as Plan;
    expect(migrations.length).toBeGreaterThan(7);
    expect(migrations.filter((name) => name <= recorded.lastMigrations.control)).toEqual([]);
    expect(contracts).toEqual([]);
    expect(components.map(({ name }) => name)).toContain('restic');
    expect(readFileSync(path.join(home, 'config/instance.json'), 'utf8')).toBe(before);
  }, 600_000);

  it('DEP-06: upgrades from a differential bundle in parts, and loses nothing', async () => {
    expect(less.bytes).toBeLessThan(present.bytes / 5);
    const words = ['upgrade', less.archive, '--yes'];
    expectDone(await watch.phase('upgrade', () => casemate(...words)));
    expect(server().checksum).toBe(checksumOf(present));
    await expectServed();
    expectDone(await casemate('doctor'));
  }, 900_000);

  it('DEP-02: is used in Chromium, where the browser too finds nothing elsewhere', async () => {
    const { answer } = await casemate('setup-link');
    const { url } = answer as { url: string };
    const walk = path.join(checkoutDir, 'web/tests/walk-installation.ts');
    const wish = { address: visit.address.replace(/\/$/, ''), setupLink: url, at: '127.0.0.1' };
    const words = ['env', `CASEMATE_CA_FILE=${caFile}`, process.execPath, walk];
    const said = await watch.phase('browser', () => watch.run([...words, JSON.stringify(wish)]));
    const { token, answer: read, other, faults } = JSON.parse(said) as Walked;
    expect(faults).toEqual([]);
    expect(read).toContain(token);
    expect(other).toBe('not_in_documents');
  }, 600_000);

  it('DEP-06: a version that breaks is taken back by itself, over an expand and a contract', async () => {
    const from = await unpackRelease(less, path.join(dir, 'unpacked'));
    const files = {
      'server/server/migrations/tenant/9001-expand.sql':
        "alter table data_keys add column note text not null default 'new';",
      'server/server/migrations/tenant/9002-contract.sql':
        'alter table data_keys drop column note;',
      'server/server/dist/main.js': (before: string) =>
        `if (process.argv[2] === 'self-check') { console.log('{}'); process.exit(1); }\n${before}`,
    };
    const { privatePem } = key;
    const to = path.join(dir, 'broken');
    await deriveBundle({ from, to, privatePem, version: '0.2.0', files });
    const outcome = await watch.phase('rollback', () => casemate('upgrade', to, '--yes'));
    expect([outcome.code, outcome.said]).toEqual([12, outcome.said]);
    expect(server().checksum).toBe(checksumOf(present));
    await expectServed();
    expectDone(await casemate('doctor'));
  }, 900_000);

  it('RES-04: is backed up, wiped, and restored from the bundle with the rows and files of then', async () => {
    await watch.phase('backup', async () => {
      expectDone(await casemate('backup', 'key', '--out', keyFile));
      expectDone(await casemate('backup', 'schedule', '--to', target));
      const created = await casemate('backup', 'create');
      expectDone(created);
      made = created.answer as Made;
      expect(made.complete).toBe(true);
    });
    await watch.phase('wipe', async () => {
      expectDone(await casemate('uninstall', '--purge', '--yes'));
      for (const name of ['home', 'cache'])
        rmSync(path.join(dir, name), { recursive: true, force: true });
    });
    const bundle = await unpackRelease(present, path.join(dir, 'whole'));
    const restored = await watch.phase('restore', () =>
      inside([
        ...[path.join(bundle, 'installer/bin/casemate'), 'backup', 'restore', made.id],
        ...['--from', target, '--identity', keyFile, '--bundle', bundle],
        ...['--signer', present.fingerprint, '--cache-dir', path.join(dir, 'cache2')],
        ...[...place, '--json'],
      ]),
    );
    expectDone(restored);
    expect((restored.answer as { comparedTables: number }).comparedTables).toBeGreaterThan(20);
    await expectServed();
    expectDone(await casemate('doctor'));
  }, 900_000);

  it('DEP-07: over all of it nothing left and no name was asked for, and the canaries were caught', async () => {
    await watch.sendCanaries();
    const report = await watch.report(ownTries);
    process.stdout.write(`${JSON.stringify(report.phases)}\n`);
    expect(report).toMatchObject({
      ...{ packets: 0, names: 0, canary_caught: true, ok: true },
      ...{ destinations: [], asked: [] },
    });
    expect(report.networks).toBeGreaterThan(3);
    expect(othersCalls).toBe('');
  }, 120_000);
});
