import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import type { Report } from '../src/isolation/index.ts';
import type { Config } from '../src/platform/index.ts';
import { environmentOf, main } from './start-program.ts';

export type IsolationProcess = {
  /** Its report; fails when it ends in another way. */
  readonly report: Promise<Report>;
  /** It stands still and lives, as on a host that is paused. */
  pause(): void;
  resume(): void;
  /** As a crash ends it: at once, whatever it has made. */
  kill(): Promise<void>;
};

/** The isolation test as `casemate isolation test` runs it: a process beside the server. */
export function runIsolation(config: Config, kinds: readonly string[]): IsolationProcess {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', main, 'isolation'],
    {
      env: { ...environmentOf(config), CASEMATE_LOG_LEVEL: 'error' },
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  child.stdin.end(JSON.stringify({ verb: 'test', kinds }));
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const report = Promise.all([text(child.stdout), ended]).then(([said, code]) => {
    if (code !== 0) throw new Error(`the isolation test ended with ${String(code)}`);
    return (JSON.parse(said) as { report: Report }).report;
  });
  // Who kills it wants no report.
  report.catch(() => undefined);
  return {
    report,
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
