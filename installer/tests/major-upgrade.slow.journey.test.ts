import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { makeReleaseKey } from '../src/bundle/signing.ts';
import { deriveBundle, type Derived } from '../src/bundle/testing/derive-bundle.ts';
import { makeRelease, unpackRelease } from '../src/bundle/testing/make-release.ts';
import { freePort } from '../src/host/free-port.ts';
import { bringEarlierPostgresql, earlierPostgresql } from './earlier-postgresql.ts';
import { runCommand, type Outcome } from './run-command.ts';

const dir = mkdtempSync(path.join(tmpdir(), 'cmmajor-'));
chmodSync(dir, 0o711);
const home = path.join(dir, 'home');
const clusters = path.join(home, 'data/postgresql');
const place = ['--instance', `major-${process.pid}`, '--data-dir', home];
const key = makeReleaseKey();
const { privatePem } = key;
const files = {
  'server/server/migrations/tenant/9001-expand.sql':
    "alter table data_keys add column note text not null default 'new';",
};
const broken = {
  'server/server/dist/main.js': (before: string) =>
    `if (process.argv[2] === 'self-check') { console.log('{}'); process.exit(1); }\n${before}`,
};
let base: string;
let next: string;
let earlier: NonNullable<Derived['components']>;

const derive = (version: string, more: Partial<Derived>) =>
  deriveBundle({
    ...{ from: base, to: path.join(dir, `bundle-${version}`), privatePem, version, files: {} },
    ...more,
  });
const casemate = (...words: string[]) =>
  runCommand([path.join(home, 'bin/casemate'), ...words, ...place, '--json']);
function expectCode({ code, said }: Outcome, wanted: number): void {
  if (code !== wanted) throw new Error(`it ended with ${code}, not ${wanted}:\n${said}`);
}
const settings = () =>
  JSON.parse(readFileSync(path.join(home, 'config/instance.json'), 'utf8')) as {
    server: { version: string };
    components: { postgresql: { version: string; executables: { psql: string } } };
  };
const tenantNames = async () =>
  ((await casemate('tenants', 'list')).answer as { items: { name: string }[] }).items
    .map(({ name }) => name)
    .filter((name) => ['Before', 'Between', 'After'].includes(name))
    .sort();

function ask(sql: string): string {
  const words = [
    '-h',
    path.join(home, 'run/postgresql'),
    '-U',
    'postgres',
    '-Atc',
    sql,
    'casemate',
  ];
  return execFileSync(settings().components.postgresql.executables.psql, words, {
    encoding: 'utf8',
  }).trim();
}

/** Which version works with the data, and what else lies beside it. */
async function expectOn(major: string, version: string): Promise<void> {
  const { server, components } = settings();
  expect([server.version, components.postgresql.version.split('.')[0]]).toEqual([version, major]);
  expect(ask('show server_version')).toMatch(new RegExp(`^${major}\\.`));
  const left = readdirSync(clusters).filter((name) => /next|incoming|rehearsal/.test(name));
  expect(left).toEqual([]);
  expectCode(await casemate('doctor'), 0);
}

/** Kills the upgrade, and what it started, as soon as this is true. */
async function killedWhen(words: string[], seen: () => boolean): Promise<boolean> {
  const command = path.join(home, 'bin/casemate');
  const child = spawn(command, [...words, ...place], { stdio: 'ignore', detached: true });
  const closed = once(child, 'close');
  while (child.exitCode === null && !seen()) await sleep(3);
  const over = child.exitCode !== null;
  if (!over) process.kill(-(child.pid ?? 0), 'SIGKILL');
  await closed;
  return !over;
}

const lies = (pattern: RegExp) => () => readdirSync(clusters).some((name) => pattern.test(name));
const upgrading = () =>
  readdirSync(clusters).some((name) =>
    existsSync(path.join(clusters, name, 'pg_upgrade_output.d')),
  );

beforeAll(async () => {
  const tree = await bringEarlierPostgresql();
  const edit = (to: string) => {
    for (const name of readdirSync(to)) rmSync(path.join(to, name), { recursive: true });
    cpSync(tree, to, { recursive: true, verbatimSymlinks: true });
  };
  earlier = { postgresql: { version: earlierPostgresql, edit } };
  const release = await makeRelease({ dir: path.join(dir, 'out'), key });
  base = await unpackRelease(release, path.join(dir, 'base'));
  const first = await derive('0.1.0', { components: earlier });
  next = await derive('0.2.0', { files });
  const ports = ['--https-port', String(await freePort()), '--http-port', '0'];
  const installed = await runCommand([
    ...[path.join(first, 'install.sh'), '--yes', '--signer', release.fingerprint, '--json'],
    ...['--bind', '127.0.0.1', '--host-name', 'localhost', '--storage-encryption', 'without'],
    ...['--cache-dir', path.join(dir, 'cache'), ...ports, ...place],
  ]);
  expectCode(installed, 0);
  expectCode(await casemate('tenants', 'create', 'Before'), 0);
}, 900_000);

afterAll(async () => {
  if (existsSync(path.join(home, 'bin/casemate'))) await casemate('uninstall', '--purge', '--yes');
  rmSync(dir, { recursive: true, force: true });
}, 120_000);

describe('an upgrade to another major version of PostgreSQL', () => {
  it('DEP-06: is tried on a copy, and told, and has changed nothing', async () => {
    const tried = await casemate('upgrade', next, '--dry-run');
    expectCode(tried, 0);
    expect(tried.answer).toMatchObject({ major: { from: 17, to: 18 }, changed: false });
    await expectOn('17', '0.1.0');
  }, 300_000);

  it('DEP-06: goes back by itself, with all data, where the new version does not hold', async () => {
    const bundle = await derive('0.3.0', { files: { ...files, ...broken } });
    expectCode(await casemate('upgrade', bundle, '--yes'), 12);
    await expectOn('17', '0.1.0');
    expect(await tenantNames()).toEqual(['Before']);
    expectCode(await casemate('tenants', 'create', 'Between'), 0);
  }, 400_000);

  it('DEP-06: killed while the data is taken over, it can be taken back', async () => {
    expect(await killedWhen(['upgrade', next, '--yes'], upgrading)).toBe(true);
    expectCode(await casemate('rollback', '--yes'), 0);
    await expectOn('17', '0.1.0');
    expect(await tenantNames()).toEqual(['Before', 'Between']);
  }, 400_000);

  it('DEP-06: killed again and again while the data is taken over, it comes to its end', async () => {
    expect(await killedWhen(['upgrade', next, '--yes'], lies(/next-.*\.new$/))).toBe(true);
    expect(await killedWhen(['upgrade', '--resume'], upgrading)).toBe(true);
    expect(await killedWhen(['upgrade', '--resume'], lies(/before-/))).toBe(true);
    expectCode(await casemate('upgrade', '--resume'), 0);
    await expectOn('18', '0.2.0');
    expect(await tenantNames()).toEqual(['Before', 'Between']);
    const marks = `select count(*) from pg_proc where proleakproof
      and oid in ('ts_match_vq(tsvector,tsquery)'::regprocedure, 'texticlike(text,text)'::regprocedure)`;
    expect(ask(marks)).toBe('2');
    expect(ask("select has_function_privilege('public', 'lo_create(oid)', 'execute')")).toBe('f');
    const newest = "select default_version from pg_available_extensions where name = 'vector'";
    expect(ask("select extversion from pg_extension where extname = 'vector'")).toBe(ask(newest));
  }, 600_000);

  it('DEP-05: and a bundle with the one before is refused', async () => {
    const back = await derive('0.4.0', { files, components: earlier });
    expect(await casemate('upgrade', back, '--yes')).toMatchObject({
      code: 3,
      answer: { error: { what: expect.stringContaining('the data is of 18') } },
    });
    rmSync(back, { recursive: true });
  }, 300_000);

  it('DEP-06: later it goes back only after showing what would be lost', async () => {
    expectCode(await casemate('tenants', 'create', 'After'), 0);
    const refused = await casemate('rollback', '--yes');
    expect(refused).toMatchObject({ code: 11, said: expect.stringContaining('rows of tenants') });
    expectCode(await casemate('rollback', '--yes', '--lose-data'), 0);
    await expectOn('17', '0.1.0');
    expect(await tenantNames()).toEqual(['Before', 'Between']);
  }, 400_000);
});
