import { sign } from 'node:crypto';
import { existsSync, globSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { reportFiles } from '../../../installer/src/trust/report-folder.ts';
import { readSabotages } from '../../sabotage/sabotage.ts';
import type { JestReport } from '../count-tests.ts';
import type { Gate, Outcome } from '../gate.ts';
import { checkoutState, overRun, type CheckoutState } from './checkout-state.ts';
import { composeReport, isFull, type SabotageOutcome } from './compose-report.ts';
import { signingKey } from './signing-key.ts';

export type FinishedRun = {
  root: string;
  /** Where the key is kept and the report is left. */
  folder: string;
  logs: string;
  before: CheckoutState;
  startedAt: Date;
  gates: readonly Gate[];
  paths: readonly string[];
  all: boolean;
  known: readonly Gate[];
  outcomes: readonly Outcome[];
};

/** Signs and leaves the report of a run; says of itself whether the run was full. */
export async function writeReport(run: FinishedRun): Promise<string> {
  const { root, folder, logs, gates, known, paths } = run;
  const suites = gates
    .filter(({ kind }) => kind === 'suite')
    .map(({ name }) => path.join(logs, `${name}.json`))
    .filter((file) => existsSync(file));
  const report = composeReport({
    ...run,
    version: versionOf(root),
    state: overRun(run.before, await checkoutState(root)),
    finishedAt: new Date(),
    full: isFull(gates, known, paths),
    suites: suites.map((file) => JSON.parse(readFileSync(file, 'utf8')) as JestReport),
    sabotages: sabotagesOf(root, path.join(logs, 'sabotage.json')),
    pages: globSync('{*.md,docs/**/*.md}', { cwd: root }).sort(),
  });
  const bytes = Buffer.from(`${JSON.stringify(report, null, 1)}\n`);
  const signature = sign(null, bytes, signingKey(folder)).toString('base64');
  replace(path.join(folder, reportFiles.report), bytes);
  replace(path.join(folder, reportFiles.signature), Buffer.from(`${signature}\n`));
  return path.join(folder, reportFiles.report);
}

/** What `scripts/sabotage.sh` found; a sabotage that this run did not try is said to be such. */
function sabotagesOf(root: string, file: string): SabotageOutcome[] {
  const tried = existsSync(file)
    ? (JSON.parse(readFileSync(file, 'utf8')) as SabotageOutcome[])
    : [];
  return readSabotages(root).map(({ id, what, test }) => {
    const found = tried.find((one) => one.id === id && one.what === what);
    return found ?? { id, what, test, outcome: 'not_run' };
  });
}

function versionOf(root: string): string {
  const text = readFileSync(path.join(root, 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

function replace(file: string, content: Buffer): void {
  writeFileSync(`${file}.new`, content, { mode: 0o644 });
  renameSync(`${file}.new`, file);
}
