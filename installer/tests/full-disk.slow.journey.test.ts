import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, statSync, truncateSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newInstallation, type Installation } from './installation.ts';

let one: Installation;
let target: string;
let keyFile: string;
let id: string;

const casemate = (...words: string[]) => one.casemate(words);
const size = (dir: string, mebibytes: number, options = '') =>
  void execFileSync('mount', ['-o', `${options}size=${mebibytes}m`, '-t', 'tmpfs', 'tmpfs', dir]);
/** Takes all room of the disk, whoever writes meanwhile, and gives so much of it back. */
function fill(dir: string, leave: number): void {
  const file = path.join(dir, 'filler');
  spawnSync('dd', ['if=/dev/zero', `of=${file}`, 'bs=1M'], { stdio: 'ignore' });
  truncateSync(file, Math.max(0, statSync(file).size - leave));
}
const said = (answer: unknown) => (answer as { error: { what: string; why: string } }).error;

beforeAll(async () => {
  one = await newInstallation('full');
  target = path.join(one.dir, 'target');
  keyFile = path.join(one.dir, 'recipient.key');
  mkdirSync(target);
  const installed = await one.install();
  expect([installed.code, installed.said.slice(-500)]).toEqual([0, expect.anything()]);
  expect(await casemate('backup', 'key', '--out', keyFile)).toMatchObject({ code: 0 });
}, 600_000);

afterAll(async () => {
  await casemate('uninstall', '--purge', '--yes');
  try {
    execFileSync('umount', ['--lazy', target], { stdio: 'pipe' });
  } catch {
    // It was not mounted.
  }
  rmSync(one.dir, { recursive: true, force: true });
}, 120_000);

describe('a disk that is full in the middle', () => {
  it('RES-04: of a backup: it says so, lists none, serves on, and the next one is whole', async () => {
    size(target, 5);
    expect(await casemate('backup', 'schedule', '--to', target)).toMatchObject({ code: 0 });
    const full = await casemate('backup', 'create');
    expect([full.code, said(full.answer).what]).toEqual([1, 'The disk is full']);
    expect((await casemate('status')).code).toBe(0);
    expect((await casemate('backup', 'status')).code).toBe(8);
    size(target, 400, 'remount,');
    expect((await casemate('backup', 'list')).answer).toMatchObject({ backups: [] });
    const made = await casemate('backup', 'create');
    expect(made).toMatchObject({ code: 0, answer: { complete: true } });
    ({ id } = made.answer as { id: string });
    expect(await casemate('backup', 'verify', '--identity', keyFile)).toMatchObject({ code: 0 });
  }, 300_000);

  it('RES-04: of the next backup: those before stay whole', async () => {
    fill(target, 64 * 1024);
    const full = await casemate('backup', 'create');
    expect([full.code, said(full.answer).what]).toEqual([1, 'The disk is full']);
    rmSync(path.join(target, 'filler'));
    expect(await casemate('backup', 'verify', id)).toMatchObject({ code: 0 });
    expect(await casemate('backup', 'create')).toMatchObject({ code: 0 });
  }, 300_000);

  it('DEP-05: of the making of a bundle: nothing that looks like one is left', async () => {
    const out = path.join(one.dir, 'bundles');
    mkdirSync(out);
    size(out, 150);
    try {
      expect(await casemate('bundle', 'key', '--out', one.dir)).toMatchObject({ code: 0 });
      const key = path.join(one.dir, 'release.key');
      const made = await casemate('bundle', 'create', '--key', key, '--out', out);
      expect([made.code, said(made.answer).what]).toEqual([
        1,
        expect.stringMatching(/no room|full/),
      ]);
      expect(readdirSync(out)).toEqual([]);
    } finally {
      execFileSync('umount', [out]);
    }
  }, 300_000);
});
