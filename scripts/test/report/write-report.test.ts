import { createPublicKey, verify } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { testReportSchema } from '../../../server/src/trust/report/test-report.ts';
import { reportFolder } from '../../../installer/src/trust/report-folder.ts';
import { GATES } from '../gates.ts';
import { checkoutState, overRun } from './checkout-state.ts';
import { isFull } from './compose-report.ts';
import { writeReport, type FinishedRun } from './write-report.ts';

let root = '';
const git = (...args: string[]) => execFileSync('git', ['-C', root, ...args], { stdio: 'pipe' });
const put = (file: string, text: string) => {
  mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
  writeFileSync(path.join(root, file), text);
};

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'report-'));
  git('init', '--quiet');
  for (const folder of ['server', 'web']) put(`${folder}/src/a.ts`, 'export {};\n');
  for (const file of ['package.json', 'package-lock.json', 'tsconfig.base.json', 'SECURITY.md'])
    put(file, '{"version":"0.1.0"}\n');
  put('docs/a.md', '# A\n');
  put('.gitignore', 'logs\nstate\n');
  git('add', '.');
  git('-c', 'user.name=t', '-c', 'user.email=t@example.invalid', 'commit', '--quiet', '-m', 'a');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const always = GATES.filter(({ slow }) => !slow);
const suite = (tests: object[], status = 'passed') => ({
  testResults: [{ name: path.join(root, 'server/src/a.test.ts'), status, assertionResults: tests }],
});

async function finish(changes: Partial<FinishedRun> = {}) {
  const logs = path.join(root, 'logs');
  const folder = path.join(root, 'state');
  put('logs/unit.json', JSON.stringify(suite([{ fullName: 'a ISO-05: b', status: 'passed' }])));
  const outcomes = always.map(({ name }) => ({
    gate: name,
    passed: 1,
    failed: 0,
    skipped: 0,
    notes: [],
    seconds: 1,
  }));
  const before = await checkoutState(root);
  const run = { root, folder, logs, before, startedAt: new Date(), gates: always, paths: [] };
  const file = await writeReport({ ...run, all: false, known: GATES, outcomes, ...changes });
  const bytes = readFileSync(file);
  const signature = readFileSync(path.join(folder, 'test-report.sig'), 'utf8');
  const key = createPublicKey(readFileSync(path.join(folder, 'signing.pub')));
  const good = verify(null, bytes, key, Buffer.from(signature, 'base64'));
  return { report: testReportSchema.parse(JSON.parse(bytes.toString('utf8'))), good, folder };
}

describe('the report of a run', () => {
  it('TRU-01: is signed, and holds commit, checksums, gates, tests and pages', async () => {
    const { report, good, folder } = await finish();
    expect(good).toBe(true);
    expect(report).toMatchObject({ version: '0.1.0', dirty: false, full: true });
    expect(report.tests).toEqual([
      { file: 'server/src/a.test.ts', name: 'a ISO-05: b', outcome: 'passed' },
    ]);
    expect(report.pages).toEqual(['SECURITY.md', 'docs/a.md']);
    expect(statSync(path.join(folder, 'signing.key')).mode & 0o777).toBe(0o600);
  });

  it('TRU-02: says that it is not full when a gate was picked or a path narrowed a suite', async () => {
    expect(isFull(always.slice(1), GATES, [])).toBe(false);
    expect(isFull(always, GATES, ['server/src/a.test.ts'])).toBe(false);
    const { report } = await finish({ gates: always.slice(1) });
    expect(report.full).toBe(false);
  });

  it('TRU-02: says dirty when anything lies there that no commit holds, even one new file', async () => {
    put('server/src/b.test.ts', '');
    expect((await finish()).report.dirty).toBe(true);
  });

  it('TRU-02: says dirty when the checkout changed while the tests ran', async () => {
    const before = await checkoutState(root);
    const after = { ...before, checkout: '0'.repeat(64) };
    expect(overRun(before, before).dirty).toBe(false);
    expect(overRun(before, after).dirty).toBe(true);
    expect(overRun({ ...before, commit: '0'.repeat(40) }, before).dirty).toBe(true);
  });

  it('TRU-02: counts a changed test and a changed script, which no build is made from', async () => {
    const before = await checkoutState(root);
    put('scripts/a.test.ts', '');
    const after = await checkoutState(root);
    expect(after.sources).toBe(before.sources);
    expect(after.checkout).not.toBe(before.checkout);
  });

  it('TRU-02: a file that did not load is a failure, and a test that waits is skipped', async () => {
    const logs = path.join(root, 'logs');
    const failed = suite([], 'failed');
    put('logs/db.json', JSON.stringify(failed));
    const { report } = await finish({ logs });
    expect(report.tests).toContainEqual({
      file: 'server/src/a.test.ts',
      name: '',
      outcome: 'failed',
    });
    put('logs/db.json', JSON.stringify(suite([{ fullName: 'x', status: 'pending' }])));
    expect((await finish({ logs })).report.tests).toContainEqual({
      file: 'server/src/a.test.ts',
      name: 'x',
      outcome: 'skipped',
    });
  });

  it('keeps the key outside the checkout, apart for each', () => {
    const one = reportFolder(root, { HOME: '/home/a' });
    expect(one).toMatch(/^\/home\/a\/\.local\/state\/casemate\/checkouts\/[0-9a-f]{16}$/);
    expect(reportFolder(tmpdir(), { HOME: '/home/a' })).not.toBe(one);
  });
});
