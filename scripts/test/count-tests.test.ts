import { describe, expect, it } from '@jest/globals';
import { countTests, type JestReport } from './count-tests.ts';

const report = (changes: Partial<JestReport>): JestReport => ({
  numPassedTests: 0,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  testResults: [],
  ...changes,
});

describe('countTests', () => {
  it('counts a file that could not be loaded as a failure, and says why', () => {
    const broken = {
      name: 'a.test.ts',
      status: 'failed',
      message: 'no such module',
      assertionResults: [],
    };
    const counts = countTests(report({ numPassedTests: 3, testResults: [broken] }));
    expect(counts).toMatchObject({ passed: 3, failed: 1 });
    expect(counts.notes[0]).toContain('no such module');
  });

  it('counts a suite without tests as a failure', () => {
    expect(countTests(report({}))).toMatchObject({ passed: 0, failed: 1 });
    expect(countTests(report({ numPendingTests: 5 }))).toMatchObject({ failed: 1, skipped: 5 });
  });

  it('names each failed test once, with the head of its message', () => {
    const test = { status: 'failed', fullName: 'refuses x', failureMessages: ['a\n'.repeat(50)] };
    const file = { name: 'a.test.ts', status: 'failed', message: '', assertionResults: [test] };
    const counts = countTests(report({ numFailedTests: 1, testResults: [file] }));
    expect(counts).toMatchObject({ passed: 0, failed: 1 });
    expect(counts.notes).toHaveLength(1);
    expect(counts.notes[0]).toContain('a.test.ts › refuses x');
    expect(counts.notes[0]?.split('\n')).toHaveLength(15);
  });

  it('counts what passed and what was left out', () => {
    const counts = countTests(report({ numPassedTests: 7, numPendingTests: 1, numTodoTests: 1 }));
    expect(counts).toEqual({ passed: 7, failed: 0, skipped: 2, notes: [] });
  });
});
