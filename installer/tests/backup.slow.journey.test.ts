import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freePort } from '../src/host/free-port.ts';
import { newInstallation, type Installation } from './installation.ts';

type Made = { id: string; complete: boolean; missing: string[] };
type Refusal = { error: { code: string; what: string } };

const main = path.resolve(import.meta.dirname, '../src/main.ts');
let one: Installation;
let target: string;
let keyFile: string;
let ports: string[];
let first: Made;

const casemate = (...words: string[]) => one.casemate(words);
const tenants = async (): Promise<string[]> => {
  const { answer } = await casemate('tenants', 'list');
  const { items } = answer as { items: { name: string; state: string }[] };
  return items.map(({ name, state }) => `${name} ${state}`).sort();
};
const restore = (from: string, ...more: string[]) =>
  casemate('backup', 'restore', ...more, '--from', from, '--identity', keyFile, ...ports);
const refusal = (answer: unknown) => (answer as Refusal).error;
const leftovers = () => ['data', 'config'].filter((name) => existsSync(path.join(one.home, name)));

/** Kills the command with SIGKILL a moment after so many lines of its work are done. */
async function killed(words: readonly string[], lines: number): Promise<boolean> {
  const place = ['--instance', `backup-${process.pid}`, '--data-dir', one.home];
  const args = ['--disable-warning=ExperimentalWarning', main, ...words, ...place];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const closed = once(child, 'close');
  let done = 0;
  createInterface({ input: child.stderr }).on('line', (line) => {
    if (/^ {2}[✓=] /.test(line) && (done += 1) === lines)
      setTimeout(() => child.kill('SIGKILL'), 150);
  });
  await closed;
  return child.signalCode === 'SIGKILL';
}

/** Everything that a repository holds: some of it belongs to every backup. */
function listPacks(repository: string): string[] {
  return readdirSync(path.join(repository, 'data'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
}

beforeAll(async () => {
  one = await newInstallation('backup');
  target = path.join(one.dir, 'target');
  keyFile = path.join(one.dir, 'recipient.key');
  expect(await one.install()).toMatchObject({ code: 0 });
  for (const name of ['Kept', 'Gone'])
    expect(await casemate('tenants', 'create', name)).toMatchObject({ code: 0 });
  ports = ['--https-port', String(await freePort())];
}, 900_000);

afterAll(async () => {
  await casemate('uninstall', '--purge', '--yes');
  rmSync(one.dir, { recursive: true, force: true });
}, 120_000);

describe('backups', () => {
  it('RES-04: without the seal key in escrow a backup calls itself incomplete', async () => {
    expect(await casemate('backup', 'schedule', '--to', target)).toMatchObject({ code: 0 });
    const { code, answer } = await casemate('backup', 'create');
    expect(code).toBe(8);
    expect((answer as Made).missing.join()).toContain('seal key');
  }, 300_000);

  it('RES-04: is refused inside what it saves, and where the private key would be lost', async () => {
    const inside = path.join(one.home, 'data', 'backups');
    expect(await casemate('backup', 'schedule', '--to', inside)).toMatchObject({ code: 2 });
    const lost = path.join(one.home, 'data', 'recipient.key');
    expect(await casemate('backup', 'key', '--out', lost)).toMatchObject({ code: 2 });
  }, 60_000);

  it('RES-04: saves a running instance whole', async () => {
    expect(await casemate('backup', 'key', '--out', keyFile)).toMatchObject({ code: 0 });
    const { code, answer } = await casemate('backup', 'create');
    expect(code).toBe(0);
    first = answer as Made;
    expect(first).toMatchObject({ complete: true, missing: [] });
    expect(await casemate('backup', 'verify', '--identity', keyFile)).toMatchObject({ code: 0 });
  }, 300_000);

  it('RES-04: killed anywhere, leaves no half backup in the list, and none in the way', async () => {
    let kills = 0;
    for (const lines of [1, 2, 3, 4, 5]) kills += Number(await killed(['backup', 'create'], lines));
    expect(kills).toBeGreaterThan(2);
    expect(await casemate('backup', 'create')).toMatchObject({ code: 0 });
    const { answer } = await casemate('backup', 'verify');
    expect(answer).not.toBeNull();
  }, 600_000);

  it('RES-04: nothing of the target shows what is in it', () => {
    const words = ['Kept', 'Gone', 'casemate_server', 'instance.json'];
    const files = readdirSync(target, { recursive: true, withFileTypes: true });
    for (const entry of files.filter((one) => one.isFile())) {
      const bytes = readFileSync(path.join(entry.parentPath, entry.name));
      for (const word of words)
        expect([entry.name, bytes.includes(word)]).toEqual([entry.name, false]);
    }
  });

  it('RES-04: a drill restores it where the originals are not, and asks it', async () => {
    const { code, answer, said } = await casemate('backup', 'drill');
    expect([code, said.slice(-800)]).toEqual([0, expect.anything()]);
    expect((answer as { tables: number }).tables).toBeGreaterThan(20);
  }, 600_000);

  it('RES-04: is refused over an instance that is there', async () => {
    const { answer } = await restore(target);
    expect(refusal(answer).what).toContain('There is an instance');
  }, 60_000);

  it('ENC-09: a deleted tenant is not brought back by a backup from before', async () => {
    expect(await casemate('tenants', 'delete', 'Gone', '--confirm', 'Gone')).toMatchObject({
      code: 0,
    });
    expect(await casemate('backup', 'tick')).toMatchObject({ code: 0 });
    expect(await casemate('uninstall', '--purge', '--yes')).toMatchObject({ code: 0 });
    expect(leftovers()).toEqual([]);
  }, 300_000);
});

describe('a restore on a wiped host', () => {
  it('RES-04: refuses another key, and none', async () => {
    const other = path.join(one.dir, 'other.key');
    writeFileSync(other, readFileSync(keyFile, 'utf8').replace(/KEY-1(.)/, 'KEY-1Q$1'));
    for (const file of [other, path.join(one.dir, 'nowhere')]) {
      const words = ['backup', 'restore', '--from', target, '--identity', file];
      expect((await casemate(...words)).code).toBe(2);
    }
    expect(leftovers()).toEqual([]);
  }, 120_000);

  it.each([
    ['cut', (pack: string) => truncateSync(pack, Math.floor(statSync(pack).size / 2))],
    [
      'altered',
      (pack: string) => {
        const bytes = readFileSync(pack);
        bytes[100] = (bytes[100] ?? 0) ^ 1;
        rmSync(pack);
        writeFileSync(pack, bytes);
      },
    ],
  ])(
    'RES-04: refuses a repository that was %s, and leaves nothing behind',
    async (_how, harm) => {
      const copy = path.join(one.dir, 'harmed');
      rmSync(copy, { recursive: true, force: true });
      cpSync(target, copy, { recursive: true });
      for (const pack of listPacks(path.join(copy, 'data'))) harm(pack);
      const { code, said } = await restore(copy, first.id);
      expect([code, said]).not.toEqual([0, expect.anything()]);
      expect(leftovers()).toEqual([]);
    },
    300_000,
  );

  it('RES-04: refuses a target that is empty', async () => {
    const empty = path.join(one.dir, 'empty');
    mkdirSync(empty);
    expect((await restore(empty)).code).toBe(4);
    expect(leftovers()).toEqual([]);
  }, 60_000);

  it('RES-04: begins anew after a kill at any step, and ends with the rows as they were noted', async () => {
    const words = [
      'backup',
      'restore',
      first.id,
      '--from',
      target,
      '--identity',
      keyFile,
      ...ports,
    ];
    for (const lines of [2, 9, 17, 20]) expect(await killed(words, lines)).toBe(true);
    const { code, answer, said } = await restore(target, first.id);
    expect([code, said.slice(-1500)]).toEqual([0, expect.anything()]);
    expect((answer as { comparedTables: number }).comparedTables).toBeGreaterThan(20);
  }, 1_200_000);

  it('ENC-09: and what was deleted since stays deleted', async () => {
    expect(await tenants()).toContain('Kept active');
    expect((await tenants()).join()).not.toContain('Gone active');
  }, 60_000);

  it('RES-04: goes on being backed up', async () => {
    expect(await casemate('backup', 'create')).toMatchObject({ code: 0 });
  }, 300_000);
});
