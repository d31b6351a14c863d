import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fingerprintOf, makeReleaseKey } from '../src/bundle/signing.ts';
import { deriveBundle, type Derived } from '../src/bundle/testing/derive-bundle.ts';
import { makeRelease, unpackRelease } from '../src/bundle/testing/make-release.ts';
import { freePort } from '../src/host/free-port.ts';
import { phases } from '../src/upgrade/journal.ts';
import { runCommand, type Outcome } from './run-command.ts';

const dir = mkdtempSync(path.join(tmpdir(), 'cmgrade-'));
chmodSync(dir, 0o711);
const home = path.join(dir, 'home');
const key = makeReleaseKey();
const place = ['--instance', `up-${process.pid}`, '--data-dir', home];
const signer = ['--signer', fingerprintOf(key.publicPem)];
const expand = {
  'server/server/migrations/control/9001-expand.sql':
    "alter table control.tenants add column note text not null default 'new';",
  'server/server/migrations/tenant/9001-expand.sql':
    "alter table data_keys add column note text not null default 'new';",
};
const contract = {
  ...expand,
  'server/server/migrations/tenant/9002-contract.sql': 'alter table data_keys drop column note;',
};
let base = '';

/** The command that the instance has at this moment. */
const casemate = (...words: string[]) => run(path.join(home, 'bin/casemate'), words);
const settings = () =>
  JSON.parse(readFileSync(path.join(home, 'config/instance.json'), 'utf8')) as {
    server: { version: string; dir: string };
  };
const tenantNames = async () => {
  const { answer } = await casemate('tenants', 'list');
  const ours = ['Before', 'Between', 'After', 'Lost'];
  return (answer as { items: { name: string; state: string }[] }).items
    .filter(({ name }) => ours.includes(name))
    .map(({ name, state }) => `${name} ${state}`)
    .sort();
};

/** With all that it said where it ended otherwise. */
function expectCode({ code, said }: Outcome, wanted: number): void {
  if (code !== wanted) throw new Error(`it ended with ${code}, not ${wanted}:\n${said}`);
}

const run = (command: string, words: readonly string[]): Promise<Outcome> =>
  runCommand([command, ...words, ...place, '--json']);

function derive(version: string, more: Partial<Derived>): Promise<string> {
  const to = path.join(dir, `bundle-${version}-${Math.random().toString(36).slice(2, 8)}`);
  return deriveBundle({ from: base, to, privatePem: key.privatePem, version, files: {}, ...more });
}

beforeAll(async () => {
  const release = await makeRelease({ dir: path.join(dir, 'out'), key });
  base = await unpackRelease(release, path.join(dir, 'base'));
  const ports = ['--https-port', String(await freePort()), '--http-port', '0'];
  const flags = ['--yes', '--bind', '127.0.0.1', '--host-name', 'localhost', ...signer, ...ports];
  const cache = ['--cache-dir', path.join(dir, 'cache'), '--storage-encryption', 'without'];
  const installed = await run(path.join(base, 'install.sh'), [...flags, ...cache]);
  if (installed.code !== 0) throw new Error(installed.said);
  expect((await casemate('tenants', 'create', 'Before')).code).toBe(0);
}, 900_000);

afterAll(async () => {
  if (existsSync(path.join(home, 'bin/casemate'))) await casemate('uninstall', '--purge', '--yes');
  rmSync(dir, { recursive: true, force: true });
}, 120_000);

describe('an upgrade', () => {
  it('DEP-05: refuses what must not be taken before anything changes', async () => {
    const bad: [string, number][] = [
      [await derive('0.0.9', {}), 11],
      [await derive('0.9.0', { manifest: { upgrade: { from: '0.1.0', stops: ['0.5.0'] } } }), 11],
      [await derive('0.2.0', { privatePem: makeReleaseKey().privatePem }), 9],
      // A host whose clock stands long before the bundle was made.
      [await derive('0.2.0', { manifest: { released: '2090-01-01T00:00:00.000Z' } }), 3],
      [await derive('0.2.0', { manifest: { requires: { glibc: '9.99', unpackedBytes: 1 } } }), 3],
    ];
    const before = readFileSync(path.join(home, 'config/instance.json'), 'utf8');
    for (const [bundle, code] of bad) {
      expect([bundle, (await casemate('upgrade', bundle, '--yes')).code]).toEqual([bundle, code]);
      expect(readFileSync(path.join(home, 'config/instance.json'), 'utf8')).toBe(before);
      rmSync(bundle, { recursive: true });
    }
    expect((await casemate('status')).code).toBe(0);
  }, 300_000);

  it('DEP-05: a differential bundle is refused where the components that it leaves out are others', async () => {
    const other = { edit: (tree: string) => writeFileSync(path.join(tree, 'another'), 'build') };
    const wrong = await derive('0.2.0', {
      omit: ['postgresql'],
      components: { postgresql: other },
    });
    expect(await casemate('upgrade', wrong, '--dry-run')).toMatchObject({
      code: 7,
      said: expect.stringContaining('leaves out postgresql'),
    });
    const right = await derive('0.2.0', { omit: ['postgresql'] });
    const { code, said } = await casemate('upgrade', right, '--dry-run');
    expect([code, said]).toEqual([0, expect.stringContaining('Try the migrations on the copy')]);
    for (const made of [wrong, right]) rmSync(made, { recursive: true });
  }, 300_000);

  it('DEP-06: a migration that fails is found on the copy, and the settings name what runs', async () => {
    const broken = { 'server/server/migrations/control/9001-broken.sql': 'select 1 / 0;' };
    const bundle = await derive('0.2.0', { files: broken });
    const outcome = await casemate('upgrade', bundle, '--yes');
    expect(outcome).toMatchObject({ code: 1, said: expect.stringContaining('division by zero') });
    expect(settings().server.version).toBe('0.1.0');
    expect((await casemate('status')).code).toBe(0);
    expect(existsSync(path.join(home, 'config/upgrade.json'))).toBe(false);
  }, 300_000);

  it('DEP-06: comes to its end although it is killed in every phase', async () => {
    const bundle = await derive('0.2.0', { files: expand });
    const killed: string[] = [];
    for (const phase of phases) {
      const words = killed.length === 0 ? ['upgrade', bundle, '--yes'] : ['upgrade', '--resume'];
      if (await killedIn(phase, words)) killed.push(phase);
    }
    expect(killed).toEqual(phases);
    expectCode(await casemate('upgrade', '--resume'), 0);
    expect(settings().server.version).toBe('0.2.0');
    expect(await tenantNames()).toEqual(['Before active']);
    expect((await casemate('doctor')).code).toBe(0);
  }, 900_000);

  it('DEP-06: a rollback over an expand swaps programs and loses nothing', async () => {
    expect((await casemate('tenants', 'create', 'Between')).code).toBe(0);
    expect((await casemate('rollback', '--yes')).code).toBe(0);
    expect(settings().server.version).toBe('0.1.0');
    expect(await tenantNames()).toEqual(['Before active', 'Between active']);
    expect((await casemate('tenants', 'create', 'After')).code).toBe(0);
  }, 300_000);

  it('DEP-06: a version that does not hold is taken back by itself, over an expand and a contract', async () => {
    const broken = {
      'server/server/dist/main.js': (before: string) =>
        `if (process.argv[2] === 'self-check') { console.log('{}'); process.exit(1); }\n${before}`,
    };
    for (const files of [
      { ...expand, ...broken },
      { ...contract, ...broken },
    ]) {
      const bundle = await derive('0.3.0', { files });
      expectCode(await casemate('upgrade', bundle, '--yes'), 12);
      expect(settings().server.version).toBe('0.1.0');
      expect((await casemate('status')).code).toBe(0);
      expect(await tenantNames()).toEqual(['After active', 'Before active', 'Between active']);
      rmSync(bundle, { recursive: true });
    }
  }, 900_000);

  it('DEP-06: over a contract it goes back only after showing what would be lost', async () => {
    const bundle = await derive('0.4.0', { files: contract });
    expectCode(await casemate('upgrade', bundle, '--yes'), 0);
    expect((await casemate('tenants', 'create', 'Lost')).code).toBe(0);
    const refused = await casemate('rollback', '--yes');
    expect(refused).toMatchObject({ code: 11, said: expect.stringContaining('rows of tenants') });
    expect(settings().server.version).toBe('0.4.0');
    expect((await casemate('rollback', '--yes', '--lose-data')).code).toBe(0);
    expect(await tenantNames()).toEqual(['After active', 'Before active', 'Between active']);
    expect((await casemate('doctor')).code).toBe(0);
  }, 600_000);
});

/** Kills the upgrade, and what it started, once its journal stands at this phase. */
async function killedIn(phase: string, words: readonly string[]): Promise<boolean> {
  const child = spawn(path.join(home, 'bin/casemate'), [...words, ...place], {
    stdio: 'ignore',
    detached: true,
  });
  const closed = once(child, 'close');
  const journal = path.join(home, 'config/upgrade.json');
  let seen = false;
  for (let tries = 0; tries < 9000 && child.exitCode === null && !seen; tries += 1) {
    await sleep(20);
    try {
      seen = (JSON.parse(readFileSync(journal, 'utf8')) as { phase: string }).phase === phase;
    } catch {
      // Not written yet.
    }
  }
  if (seen) await sleep(150);
  if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
  await closed;
  return seen;
}
