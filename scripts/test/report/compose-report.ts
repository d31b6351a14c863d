import path from 'node:path';
import type { JestReport } from '../count-tests.ts';
import type { Gate, Outcome } from '../gate.ts';
import type { CheckoutState } from './checkout-state.ts';

type Verdict = 'passed' | 'failed' | 'skipped';
export type SabotageOutcome = {
  id: string;
  what: string;
  test: string;
  outcome: 'noticed' | 'unnoticed' | 'not_run';
};

export type Run = {
  root: string;
  version: string;
  state: CheckoutState;
  startedAt: Date;
  finishedAt: Date;
  /** The gates that ran, and all there are. */
  gates: readonly Gate[];
  all: boolean;
  full: boolean;
  outcomes: readonly Outcome[];
  suites: readonly JestReport[];
  sabotages: readonly SabotageOutcome[];
  pages: readonly string[];
};

/** The report of a run as room `trust` of the server reads it (`report/test-report.ts` there). */
export function composeReport(run: Run): object {
  const { root, state, outcomes } = run;
  return {
    format: 1,
    version: run.version,
    ...state,
    startedAt: run.startedAt.toISOString(),
    finishedAt: run.finishedAt.toISOString(),
    full: run.full,
    all: run.all,
    gates: outcomes.map(({ gate, passed, failed, skipped }) => ({
      name: gate,
      outcome: failed > 0 ? 'failed' : passed > 0 ? 'passed' : 'skipped',
      passed,
      failed,
      skipped,
    })),
    tests: run.suites.flatMap((suite) => testsOf(suite, root)),
    sabotages: run.sabotages,
    pages: run.pages,
  };
}

/** A run is full when every gate that needs no wish ran, and no path narrowed the suites. */
export function isFull(
  ran: readonly Gate[],
  all: readonly Gate[],
  paths: readonly string[],
): boolean {
  const names = new Set(ran.map(({ name }) => name));
  return paths.length === 0 && all.every(({ name, slow }) => slow === true || names.has(name));
}

function testsOf(suite: JestReport, root: string): object[] {
  return suite.testResults.flatMap(({ name, status, assertionResults }) => {
    const file = path.relative(root, name);
    const tests = assertionResults.map((test) => ({
      file,
      name: test.fullName,
      outcome: verdictOf(test.status),
    }));
    // A file that did not load, or whose clean-up threw, names no test that failed.
    const broken = status === 'failed' && !tests.some(({ outcome }) => outcome === 'failed');
    return broken ? [...tests, { file, name: '', outcome: 'failed' }] : tests;
  });
}

function verdictOf(status: string): Verdict {
  return status === 'passed' || status === 'failed' ? status : 'skipped';
}
