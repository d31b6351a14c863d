import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freePort } from '../src/host/free-port.ts';
import { newInstallation, type Installation } from './installation.ts';
import { smallDisk, type SmallDisk } from './small-disk.ts';

const MIB = 1024 ** 2;
const main = path.resolve(import.meta.dirname, '../src/main.ts');
const command = ['--disable-warning=ExperimentalWarning', main];

let one: Installation;
let target: SmallDisk;
let small: SmallDisk;
let keyFile: string;
let id: string;

const casemate = (...words: string[]) => one.casemate(words);
const said = (answer: unknown) => (answer as { error: { what: string; why: string } }).error;

/** Runs a command, and fills the disk as soon as the line of a finished part is there. */
async function filledAfter(title: string, words: readonly string[]) {
  const child = spawn(process.execPath, [...command, ...words, '--json'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const closed = once(child, 'close');
  const output = text(child.stdout);
  let filled = false;
  createInterface({ input: child.stderr }).on('line', (line) => {
    if (filled || !/^ {2}[✓=] /.test(line) || !line.includes(title)) return;
    filled = true;
    small.fill(2 * MIB);
  });
  await closed;
  return { code: child.exitCode, filled, answer: JSON.parse((await output).trim()) as unknown };
}

beforeAll(async () => {
  one = await newInstallation('full');
  target = smallDisk(path.join(one.dir, 'target'), 400 * MIB);
  small = smallDisk(path.join(one.dir, 'small'), 2500 * MIB);
  keyFile = path.join(one.dir, 'recipient.key');
  const installed = await one.install();
  expect([installed.code, installed.said.slice(-500)]).toEqual([0, expect.anything()]);
  expect(await casemate('backup', 'key', '--out', keyFile)).toMatchObject({ code: 0 });
}, 600_000);

afterAll(async () => {
  await casemate('uninstall', '--purge', '--yes');
  for (const disk of [target, small]) disk.remove();
  rmSync(one.dir, { recursive: true, force: true });
}, 120_000);

describe('a disk that is full in the middle', () => {
  it('RES-04: of a backup: it says so, lists none, serves on, and the next one is whole', async () => {
    target.resize(5 * MIB);
    expect(await casemate('backup', 'schedule', '--to', target.dir)).toMatchObject({ code: 0 });
    const full = await casemate('backup', 'create');
    expect([full.code, said(full.answer).what]).toEqual([1, 'The disk is full']);
    expect((await casemate('status')).code).toBe(0);
    expect((await casemate('backup', 'status')).code).toBe(8);
    target.giveRoom();
    expect((await casemate('backup', 'list')).answer).toMatchObject({ backups: [] });
    const made = await casemate('backup', 'create');
    expect(made).toMatchObject({ code: 0, answer: { complete: true } });
    ({ id } = made.answer as { id: string });
    expect(await casemate('backup', 'verify', '--identity', keyFile)).toMatchObject({ code: 0 });
  }, 300_000);

  it('RES-04: of the next backup: those before stay whole', async () => {
    target.fill(64 * 1024);
    const full = await casemate('backup', 'create');
    expect([full.code, said(full.answer).what]).toEqual([1, 'The disk is full']);
    target.giveRoom();
    expect(await casemate('backup', 'verify', id)).toMatchObject({ code: 0 });
    expect(await casemate('backup', 'create')).toMatchObject({ code: 0 });
  }, 300_000);

  it('RES-04: of a restore: nothing half of it starts, and the same command ends it when there is room', async () => {
    const home = path.join(small.dir, 'home');
    const port = ['--https-port', String(await freePort()), '--http-port', '0'];
    const place = ['--instance', `room-${process.pid}`, '--data-dir', home];
    const address = ['--bind', '127.0.0.1'];
    const from = ['--from', target.dir, '--identity', keyFile];
    const words = ['backup', 'restore', id, ...from, ...port, ...place, ...address];
    small.resize(100 * MIB);
    const early = await filledAfter('never', words);
    expect([early.code, said(early.answer).what]).toEqual([
      1,
      expect.stringContaining('not enough room'),
    ]);
    expect(readdirSync(small.dir)).toEqual([]);
    small.giveRoom();
    for (const title of ['Open the repositories', 'Examine every part', 'Bring Node.js']) {
      const { code, filled, answer } = await filledAfter(title, words);
      expect([title, filled, code]).toEqual([title, true, 1]);
      expect(said(answer).what).toMatch(/full|no room/);
      if (title === 'Open the repositories') expect(existsSync(home)).toBe(false);
      const up = await filledAfter('never', ['up', ...place]);
      expect([title, up.code]).not.toEqual([title, 0]);
      // A supervisor of what is half would hold the place of the whole one.
      expect(execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })).not.toContain(
        `up --foreground --instance room-${process.pid} `,
      );
      small.giveRoom();
    }
    const ended = await filledAfter('never', words);
    expect(ended).toMatchObject({ code: 0, answer: { id } });
    await filledAfter('never', ['uninstall', '--purge', '--yes', ...place]);
  }, 900_000);

  it('DEP-05: of the making of a bundle: nothing that looks like one is left', async () => {
    const out = smallDisk(path.join(one.dir, 'bundles'), 150 * MIB);
    try {
      expect(await casemate('bundle', 'key', '--out', one.dir)).toMatchObject({ code: 0 });
      const key = path.join(one.dir, 'release.key');
      const made = await casemate('bundle', 'create', '--key', key, '--out', out.dir);
      expect([made.code, said(made.answer).what]).toEqual([
        1,
        expect.stringMatching(/no room|full/),
      ]);
      expect(readdirSync(out.dir)).toEqual([]);
    } finally {
      out.remove();
    }
  }, 300_000);
});
