import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { compareVersions } from '../src/bundle/elf.ts';
import type { Manifest } from '../src/bundle/manifest.ts';
import { createBundle, type CreatedBundle } from '../src/bundle/create/create-bundle.ts';
import { makeReleaseKey } from '../src/bundle/signing.ts';
import { defaultCacheDir } from '../src/components/index.ts';
import { hashFile } from '../src/components/hash-file.ts';

const checkoutDir = path.resolve(import.meta.dirname, '../..');
const dir = mkdtempSync(path.join(tmpdir(), 'cmclosed-'));
chmodSync(dir, 0o711);
const key = makeReleaseKey();
let made: CreatedBundle;

const create = (outDir: string, more: { split?: number; since?: string } = {}) =>
  createBundle({
    ...{ checkoutDir, cacheDir: defaultCacheDir({}), reportDir: '/nonexistent' },
    ...{ privatePem: key.privatePem, progress: () => undefined, outDir },
    split: more.split ?? null,
    since: more.since ?? null,
  });

/** In a network of its own with a loopback alone, in an environment that names nothing of ours. */
const cutOff = (script: string) =>
  spawnSync('unshare', ['-n', 'bash', '-c', `ip link set lo up && cd ${dir} && ${script}`], {
    encoding: 'utf8',
    env: { PATH: '/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin', HOME: path.join(dir, 'own') },
    maxBuffer: 1 << 26,
  });

beforeAll(async () => {
  mkdirSync(path.join(dir, 'own'));
  made = await create(path.join(dir, 'out'), { split: 200e6 });
}, 900_000);

afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe('a bundle without a network', () => {
  it('DEP-05: two builds from the same inputs give the same bytes', async () => {
    const again = await create(path.join(dir, 'again'), { split: 200e6 });
    expect(again.files).toEqual(made.files);
    for (const file of readdirSync(path.join(dir, 'out')))
      expect([file, await hashFile(path.join(dir, 'again', file))]).toEqual([
        file,
        await hashFile(path.join(dir, 'out', file)),
      ]);
    rmSync(path.join(dir, 'again'), { recursive: true });
  }, 900_000);

  it('DEP-05: carries everything, and says what each program asks of a host', () => {
    const text = readFileSync(path.join(dir, 'out', `${made.name}.manifest.json`), 'utf8');
    const { files, binaries, components, requires } = JSON.parse(text) as Manifest;
    const names = files.map((file) => file.path);
    for (const wanted of [
      ...['RELEASE-NOTES.md', 'upgrade-stops.json', 'sbom/casemate.cdx.json', 'LICENSE'],
      ...['sbom/casemate.spdx.json', 'helm/casemate/Chart.yaml', 'compose/compose.yaml'],
      ...['docs/upgrade.md', 'verify.sh', 'licences/restic/LICENSE'],
    ])
      expect(names).toContain(wanted);
    for (const component of components) expect(names).toContain(component.file);
    const postgres = binaries.find((one) => one.path.endsWith('/bin/postgres'));
    expect(postgres?.glibc).toMatch(/^2\.\d+$/);
    const asked = binaries.flatMap(({ glibc }) => glibc ?? []);
    expect(asked.every((version) => compareVersions(version, requires.glibc) <= 0)).toBe(true);
  });

  it('a differential bundle leaves out what the earlier one has', async () => {
    const since = readFileSync(path.join(dir, 'out', `${made.name}.manifest.json`), 'utf8');
    const less = await create(path.join(dir, 'less'), { since });
    expect(less.omitted).toBe((JSON.parse(since) as Manifest).components.length);
    expect(less.bytes).toBeLessThan(made.bytes / 10);
  }, 900_000);

  it('DEP-02: is verified by stock tools, installs, answers its first question, and is removed', () => {
    const place = `--instance off-${process.pid} --data-dir ${dir}/home`;
    const flags = '--yes --bind 127.0.0.1 --host-name localhost --https-port 8443 --http-port 0';
    const casemate = `${dir}/home/bin/casemate`;
    const { status, stdout, stderr } = cutOff(`
      ! timeout 2 bash -c '</dev/tcp/192.0.2.1/80' 2>/dev/null &&
      sh out/${made.name}.verify.sh ${made.fingerprint} &&
      mkdir un && cat out/${made.name}.tar.* | tar -x --strip-components=1 -C un &&
      un/install.sh --signer ${made.fingerprint} ${flags} ${place} --cache-dir ${dir}/cache --storage-encryption without &&
      ${casemate} doctor ${place} &&
      ${casemate} uninstall --purge --yes ${place}`);
    if (status !== 0) throw new Error(`it ended with ${status}:\n${stdout}\n${stderr}`);
    expect(stdout).toContain('verified: signed by');
    expect(stdout).toMatch(/Question {2}/);
  }, 900_000);
});
