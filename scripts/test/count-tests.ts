/** The part of Jest's `--json` report that is read here. */
export type JestReport = {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  testResults: readonly {
    name: string;
    status: string;
    message: string;
    assertionResults: readonly {
      status: string;
      fullName: string;
      failureMessages?: string[] | null;
    }[];
  }[];
};

export type Counts = { passed: number; failed: number; skipped: number; notes: readonly string[] };

const MOST_LINES = 14;

/**
 * Counts a suite's tests. A file that fails without naming a test (it could not be loaded, or its
 * clean-up threw) counts as one failure, and so does a suite without any test.
 */
export function countTests(report: JestReport): Counts {
  const broken = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  );
  const notes = report.testResults.flatMap((file) =>
    broken.includes(file)
      ? [`${file.name}\n${shorten(file.message)}`]
      : file.assertionResults
          .filter(({ status }) => status === 'failed')
          .map(
            (test) =>
              `${file.name} › ${test.fullName}\n${shorten((test.failureMessages ?? []).join('\n'))}`,
          ),
  );
  const ran = report.numPassedTests + report.numFailedTests + broken.length;
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken.length + (ran === 0 ? 1 : 0),
    skipped: report.numPendingTests + report.numTodoTests,
    notes:
      ran === 0
        ? [...notes, 'no test was found: a suite that tests nothing proves nothing']
        : notes,
  };
}

const shorten = (text: string): string =>
  text
    .trim()
    .split('\n')
    .slice(0, MOST_LINES)
    .map((line) => `    ${line}`)
    .join('\n');
