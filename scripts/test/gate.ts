/** What a gate needs before it can run; `prepare.ts` brings it. */
export type Need = 'database' | 'models' | 'browser';

/** One thing that can refuse a change. A check counts as one; a suite counts its tests. */
export type Gate = {
  name: string;
  kind: 'check' | 'suite';
  /** Program and arguments, without a shell; `node` is the one that runs this. */
  command: readonly string[];
  needs: readonly Need[];
  /** Minutes after which it is taken for stuck. */
  limit: number;
  /** Runs with `--all`, or when it is named. */
  slow?: true;
  /** A suite that runs at the same time as the one after it. */
  besideNext?: true;
  /** Share of the lines, in percent, that it must run at least; measured with `--all`. */
  coversLines?: number;
  /** A check that writes what it found to the file after `--report`. */
  reports?: true;
};

export type Outcome = {
  gate: string;
  passed: number;
  failed: number;
  /** Tests, or a whole check, that did not run, and why. */
  skipped: number;
  /** What to print: the reason of a skip, or what went wrong. */
  notes: readonly string[];
  seconds: number;
};
