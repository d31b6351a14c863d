import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { listFiles, readFiles } from '../structure/list-files.ts';
import { readHistory } from './read-history.ts';
import { isSecretFile, scanText } from './scan-text.ts';

/**
 * SEC-01: looks for secrets in the working tree; with `--staged` in what is about to be committed,
 * with `--history` also in every line that a commit ever added. Exits 1 on a finding.
 */
const { values } = parseArgs({
  options: { staged: { type: 'boolean' }, history: { type: 'boolean' } },
});
const root = path.resolve(import.meta.dirname, '../..');
const git = (...args: string[]): string =>
  execFileSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 30 });

function readStaged(): { path: string; text: string }[] {
  const names = git('diff', '--cached', '--name-only', '-z', '--diff-filter=ACMR');
  return names
    .split('\0')
    .filter(Boolean)
    .map((file) => ({ path: file, text: git('show', `:${file}`) }));
}

const files = values.staged ? readStaged() : readFiles(root, listFiles(root));
const texts = files.filter((file) => file.path !== 'package-lock.json');
if (values.history) texts.push(...readHistory(root));
const findings = [
  ...files.filter((file) => isSecretFile(file.path)).map((file) => `${file.path}: holds secrets`),
  ...texts.flatMap((file) =>
    scanText(file.text).map(({ line, kind }) => `${file.path}:${line}: ${kind}`),
  ),
];
for (const finding of findings) console.error(finding);
if (findings.length > 0) {
  console.error(
    '\nTake the secret out, and change it where it is used: what was committed is known.\n' +
      'For a made-up one in a test, build it at run time, or end its line with\n' +
      '"secret-scan: allow" and the reason.',
  );
}
process.exitCode = findings.length === 0 ? 0 : 1;
