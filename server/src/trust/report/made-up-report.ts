import { REQUIRED_GATES } from './required-gates.ts';
import type { TestReport } from './test-report.ts';

/** A report as a full run writes it, for tests of this room. */
export function madeUpReport(): TestReport {
  return {
    format: 1,
    version: '0.1.0',
    commit: 'a'.repeat(40),
    tree: 'b'.repeat(40),
    dirty: false,
    sources: 'c'.repeat(64),
    checkout: 'd'.repeat(64),
    startedAt: '2026-11-22T09:00:00.000Z',
    finishedAt: '2026-11-22T09:30:00.000Z',
    full: true,
    all: false,
    gates: REQUIRED_GATES.map((name) => ({
      name,
      outcome: 'passed',
      passed: 1,
      failed: 0,
      skipped: 0,
    })),
    tests: [{ file: 'server/src/a.test.ts', name: 'ISO-05: a', outcome: 'passed' }],
    sabotages: [],
    pages: ['docs/install.md'],
  };
}
