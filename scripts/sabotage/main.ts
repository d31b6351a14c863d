/**
 * Applies each sabotage in turn to a copy of the last commit and runs the test that must notice.
 * Ends with a count; a sabotage that no test notices is a failure.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { readSabotages, sabotaged, type Sabotage } from './sabotage.ts';

const root = resolve(import.meta.dirname, '../..');
const { values, positionals: words } = parseArgs({
  allowPositionals: true,
  options: { list: { type: 'boolean', default: false }, report: { type: 'string' } },
});
const all = readSabotages(root);
const unknown = words.filter((word) => !all.some(({ id }) => id === word));
if (unknown.length > 0) {
  process.stderr.write(
    `There is no sabotage of ${unknown.join(', ')}; see scripts/sabotage.sh --list\n`,
  );
  process.exit(2);
}
if (values.list) {
  for (const { id, what } of all) process.stdout.write(`${id.padEnd(8)} ${what}\n`);
  process.exit(0);
}

const chosen = words.length === 0 ? all : all.filter(({ id }) => words.includes(id));
const copy = mkdtempSync(join(tmpdir(), 'cms-'));
const outcomes: object[] = [];
let noticed = 0;
try {
  execFileSync('git', ['clone', '--quiet', '--local', root, copy]);
  for (const folder of ['', 'server', 'web', 'installer']) {
    const packages = join(root, folder, 'node_modules');
    if (existsSync(packages)) symlinkSync(packages, join(copy, folder, 'node_modules'));
  }
  for (const sabotage of chosen) {
    const seen = isNoticed(sabotage);
    if (seen) noticed += 1;
    const { id, what, test } = sabotage;
    outcomes.push({ id, what, test, outcome: seen ? 'noticed' : 'unnoticed' });
  }
} finally {
  rmSync(copy, { recursive: true, force: true });
}
// For the signed report of a run of all tests.
if (values.report !== undefined) writeFileSync(values.report, JSON.stringify(outcomes));
process.stdout.write(`${noticed} passed, ${chosen.length - noticed} failed\n`);
process.exitCode = noticed === chosen.length ? 0 : 1;

function isNoticed(sabotage: Sabotage): boolean {
  const file = join(copy, sabotage.file);
  const before = readFileSync(file, 'utf8');
  writeFileSync(file, sabotaged(before, sabotage));
  const project = /\.(db|http)\.test\.ts$/.test(sabotage.test) ? 'db' : 'unit';
  const narrowed = Object.entries(sabotage.env ?? {}).map(([name, value]) => `${name}=${value}`);
  const run = spawnSync(
    'env',
    [
      ...narrowed,
      process.execPath,
      ...['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'],
      ...['node_modules/jest/bin/jest.js', '--ci', '--selectProjects', project],
      ...['--testPathPatterns', sabotage.test, '--testNamePattern', sabotage.id],
    ],
    {
      cwd: copy,
      encoding: 'utf8',
      timeout: 600_000,
    },
  );
  writeFileSync(file, before);
  // The tests must have run and failed; a file that does not load proves nothing.
  const failed = Number(/^Tests: +(\d+) failed/m.exec(run.stderr)?.[1] ?? 0);
  const seen = failed > 0 && run.stderr.includes(sabotage.shows ?? '');
  const verdict = seen ? '✓ noticed' : '✗ NOT noticed';
  process.stdout.write(`${verdict}  ${sabotage.id.padEnd(8)} ${sabotage.what}\n`);
  if (!seen) process.stdout.write(run.stderr.split('\n').slice(-30).join('\n'));
  return seen;
}
