import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { countTests, type Counts, type JestReport } from './count-tests.ts';
import type { Gate, Outcome } from './gate.ts';
import { runCommand } from './run-command.ts';

/** A check that could not do its work, and says why in its last line, ends with this code. */
export const SKIPPED = 77;

export type GateRun = {
  gate: Gate;
  /** More arguments for a suite: paths, patterns. */
  extra: readonly string[];
  logs: string;
  env: NodeJS.ProcessEnv;
};

/** Runs one gate and says how it ended. It never throws for what the gate found. */
export async function runGate({ gate, extra, logs, env }: GateRun): Promise<Outcome> {
  const started = performance.now();
  const log = path.join(logs, `${gate.name}.log`);
  const report = path.join(logs, `${gate.name}.json`);
  const command =
    gate.kind === 'suite'
      ? [...gate.command, '--json', `--outputFile=${report}`, ...extra]
      : [...gate.command, ...(gate.reports ? ['--report', report] : [])];
  const code = await runCommand({ command, log, minutes: gate.limit, env });
  const counts = gate.kind === 'suite' ? readSuite(code, report, log) : readCheck(code, log);
  const late = code === 124 ? [`stopped: it took more than ${gate.limit} minutes`] : [];
  const seconds = (performance.now() - started) / 1000;
  return { gate: gate.name, ...counts, notes: [...late, ...counts.notes], seconds };
}

function readCheck(code: number, log: string): Counts {
  if (code === SKIPPED) return { passed: 0, failed: 0, skipped: 1, notes: [tail(log, 1)] };
  const passed = code === 0 ? 1 : 0;
  return { passed, failed: 1 - passed, skipped: 0, notes: passed ? [] : [tail(log, 60)] };
}

function readSuite(code: number, report: string, log: string): Counts {
  if (!existsSync(report)) {
    return { passed: 0, failed: 1, skipped: 0, notes: [`no report\n${tail(log, 40)}`] };
  }
  const counts = countTests(JSON.parse(readFileSync(report, 'utf8')) as JestReport);
  // Jest can refuse for a reason that no test carries, such as a clean-up that failed.
  if (code !== 0 && counts.failed === 0) {
    return { ...counts, failed: 1, notes: [`exit ${code}\n${tail(log, 40)}`] };
  }
  return counts;
}

function tail(file: string, lines: number): string {
  return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
}
