import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newInstallation, type Installation } from './installation.ts';
import { makeCanaries } from '../src/support/redact/canaries.ts';

type Report = {
  files: { path: string; bytes: number; replaced: Record<string, number> }[];
  missing: { path: string; why: string }[];
  known: { secrets: number; tenants: number };
  canaries: { planted: number; found: number };
};
type Made = { file: string; report: Report };
type Check = { id: string; status: string };
type Examined = { checks: Check[]; mended?: { what: string; outcome: string }[] };

const tenant = 'Grieg & Sønner AS';
let one: Installation;
let bundle: string;
const casemate = (...words: string[]) => one.casemate(words);
const inHome = (...names: string[]) => path.join(one.home, ...names);
const unpacked = (): string => {
  const dir = path.join(one.dir, 'unpacked');
  execFileSync('mkdir', ['-p', dir]);
  execFileSync('tar', ['-xzf', bundle, '-C', dir, '--strip-components=1']);
  execFileSync('sha256sum', ['--quiet', '-c', 'SHA256SUMS'], { cwd: dir });
  return dir;
};
const stateOf = (answer: unknown, id: string) =>
  (answer as Examined).checks.find((check) => check.id === id)?.status;

beforeAll(async () => {
  one = await newInstallation('support');
  bundle = path.join(one.dir, 'bundle.tar.gz');
  expect(await one.install()).toMatchObject({ code: 0 });
  expect(await casemate('tenants', 'create', tenant)).toMatchObject({ code: 0 });
}, 900_000);

afterAll(async () => {
  await casemate('uninstall', '--purge', '--yes');
  rmSync(one.dir, { recursive: true, force: true });
}, 120_000);

describe('DEP-08: the support bundle of a real instance', () => {
  it('DEP-08: holds no secret, no name and no canary that was planted into every input of it', async () => {
    const { list } = makeCanaries();
    // What the appliance does not know must be recognised by its looks.
    const looks = list.filter(
      ({ kind }) => !/known|tenant|person|host/.test(kind) || kind === 'an unknown e-mail',
    );
    expect(looks.length).toBeGreaterThan(10);
    const lines = looks.map(
      ({ plant }) => `it said ${plant.replaceAll('\n', ' ')} and went on, for ${tenant}`,
    );
    const logs = readdirSync(inHome('log')).filter((name) => name.endsWith('.log'));
    for (const log of logs) appendFileSync(inHome('log', log), `${lines.join('\n')}\n`);
    for (const file of ['postgresql.conf']) {
      const place = execFileSync('find', [inHome('data'), '-name', file], {
        encoding: 'utf8',
      }).trim();
      appendFileSync(place, `# ${lines.join('\n# ')}\n`);
    }
    const made = await casemate('support', 'create', '--out', bundle);
    expect(made).toMatchObject({ code: 0 });
    const { report } = made.answer as Made;
    expect(report.missing).toEqual([]);
    expect(report.canaries.planted).toBeGreaterThan(report.files.length * 30);
    expect(statSync(bundle).mode & 0o777).toBe(0o600);

    const dir = unpacked();
    const texts = readdirSync(dir, { recursive: true, encoding: 'utf8' })
      .filter((name) => statSync(path.join(dir, name)).isFile())
      .map((name) => ({ name, text: readFileSync(path.join(dir, name), 'utf8') }));
    const secrets = [
      readFileSync(
        execFileSync(
          'find',
          [one.dir, '/root/.config', '-name', 'seal.key', '-path', `*${path.basename(one.dir)}*`],
          { encoding: 'utf8' },
        ).trim() || '/dev/null',
      ),
      readFileSync(inHome('data', 'server', 'metrics-token')),
    ].filter((bytes) => bytes.length > 0);
    const needles = [
      ...looks.flatMap(({ needles: all }) => all).filter((needle) => !needle.includes('\n')),
      tenant,
      ...secrets.flatMap((bytes) => [
        bytes.toString('hex'),
        bytes.toString('base64').slice(0, -3),
        bytes.toString('utf8'),
      ]),
    ];
    const found = texts.flatMap(({ name, text }) =>
      needles.filter((needle) => text.toLowerCase().includes(needle.toLowerCase())).map(() => name),
    );
    expect(found).toEqual([]);
    expect(texts.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'doctor.json',
        'verify.json',
        'slow-queries.json',
        'logs/server.log',
        'redaction.json',
      ]),
    );
  }, 600_000);

  it('DEP-08: has plans of statements of tenants and of the platform, and not one value', () => {
    const text = readFileSync(path.join(unpacked(), 'slow-queries.json'), 'utf8');
    const slow = JSON.parse(text) as { query: string; role: string; plan: string[] }[];
    expect(slow.length).toBeGreaterThan(5);
    const planned = slow.filter(({ plan }) => plan.some((line) => /cost=/.test(line)));
    expect(planned.length).toBeGreaterThan(slow.length / 2);
    expect(slow.some(({ role }) => role.startsWith('tenant-'))).toBe(true);
  });

  it('DEP-08: its pseudonyms are known here and nowhere else, and stay the same', async () => {
    const text = readFileSync(path.join(unpacked(), 'logs/server.log'), 'utf8');
    const name = /went on, for (tenant-[0-9a-f]{10})/.exec(text)?.[1] ?? '';
    const { answer } = await casemate('support', 'resolve', name);
    expect((answer as { is: string }[])[0]?.is).toContain(tenant);
    expect(await casemate('support', 'create', '--out', bundle)).toMatchObject({ code: 2 });
  }, 120_000);

  it('DEP-08: is refused without the database, unless one says that names are unknown', async () => {
    await casemate('down');
    const place = path.join(one.dir, 'second.tar.gz');
    expect(await casemate('support', 'create', '--out', place)).toMatchObject({ code: 5 });
    const made = await casemate('support', 'create', '--out', place, '--names-unknown');
    expect(made).toMatchObject({ code: 0 });
    expect((made.answer as Made).report.missing.map((gap) => gap.path)).toContain('verify.json');
  }, 300_000);
});

describe('DEP-08: doctor --mend on a real instance', () => {
  it('DEP-08: asks, and does nothing for nobody', async () => {
    expect(await casemate('doctor', '--mend')).toMatchObject({ code: 2 });
    expect(await casemate('doctor', '--mend', 'migrations', '--yes')).toMatchObject({ code: 2 });
  });

  it('DEP-08: starts what is stopped, closes what is open, removes what is left, once', async () => {
    const settings = inHome('config', 'instance.json');
    const leftover = inHome('config', 'instance.json.0123456789ab.new');
    chmodSync(settings, 0o666);
    chmodSync(inHome('data'), 0o777);
    writeFileSync(leftover, 'half');
    execFileSync('touch', ['-d', '2 hours ago', leftover]);
    const first = await casemate('doctor', '--mend', '--yes');
    const done = (first.answer as Examined).mended ?? [];
    expect(done.map(({ outcome }) => outcome)).toEqual(done.map(() => 'done'));
    expect(done.map(({ what }) => what).join('\n')).toMatch(
      /rights[\s\S]*chmod[\s\S]*remove[\s\S]*start/,
    );
    for (const id of ['directories', 'secret-files', 'leftovers', 'component-server'])
      expect(stateOf(first.answer, id)).toBe('ok');
    const again = await casemate('doctor', '--mend', '--yes');
    const more = (again.answer as Examined).mended ?? [];
    expect(more.filter(({ what }) => !/certificate|nftables/.test(what))).toEqual([]);
  }, 300_000);
});
