import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runTest } from './run-test.ts';
import { breakCode, isOfDatabase, needsOwnParts, type Sabotage } from './sabotage.ts';

export type Outcome = {
  id: string;
  what: string;
  test: string;
  outcome: 'noticed' | 'unnoticed';
};

type Plan = {
  root: string;
  sabotages: readonly Sabotage[];
  workers: number;
  logs?: string | undefined;
  say: (text: string) => void;
};

type Started = { info: unknown; stop(): Promise<void> };
type Worker = { copy: string; parts: () => Promise<string> };

/** Each worker has a copy of the last commit, and parts that its patches share where they may. */
export async function runSabotages(plan: Plan): Promise<Outcome[]> {
  const { root, workers, logs, say } = plan;
  if (logs !== undefined) mkdirSync(logs, { recursive: true });
  // The same tests one after the other, and those without parts first.
  const waiting = [...plan.sabotages].sort(
    (one, other) =>
      Number(isOfDatabase(one.test)) - Number(isOfDatabase(other.test)) ||
      one.test.localeCompare(other.test),
  );
  const outcomes: Outcome[] = [];
  const work = async (): Promise<void> => {
    const copy = copyCommit(root);
    const parts = lazyParts(copy);
    try {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const { id, what, test } = next;
        const { seen, lines, output } = await tryOne({ copy, parts: parts.start }, next);
        outcomes.push({ id, what, test, outcome: seen ? 'noticed' : 'unnoticed' });
        say(
          [`${seen ? '✓ noticed' : '✗ NOT noticed'}  ${id.padEnd(8)} ${what}`, ...lines].join('\n'),
        );
        if (logs !== undefined)
          writeFileSync(join(logs, `${id} ${what.replaceAll(/\W+/g, '-')}.log`), output);
      }
    } finally {
      await parts.stop();
      rmSync(copy, { recursive: true, force: true });
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
  return outcomes;
}

type Tried = { seen: boolean; lines: string[]; output: string };

/** The test must run and fail, in a test of this control, and say what the patch lets happen. */
async function tryOne({ copy, parts }: Worker, sabotage: Sabotage): Promise<Tried> {
  const { id, shows, test, env = {} } = sabotage;
  let mend: () => void;
  try {
    mend = breakCode(copy, sabotage);
  } catch (error) {
    return { seen: false, lines: [`    ${String(error)}`], output: String(error) };
  }
  try {
    const shared = isOfDatabase(test) && !needsOwnParts(copy, sabotage);
    const output = await runTest({
      folder: copy,
      test,
      project: projectOf(test),
      env: { ...env, ...(shared ? { CASEMATE_TEST_PARTS: await parts() } : {}) },
    });
    // A file that does not load proves nothing: it has no failed test. The whole file is run, since
    // a test may build on those before it, and alone would fail even of the code as it is.
    const why = output.slice(output.indexOf('\n  ● '));
    const named = [...why.matchAll(/^ {2}● (.+)$/gm)].map(([, name = '']) => name);
    const failed = [...new Set(named)].filter((name) => name.includes(id));
    const seen = failed.length > 0 && why.includes(shows);
    const by = failed.map((name) => `    failed: ${name}`);
    return { seen, lines: seen ? by : [...by, ...output.split('\n').slice(-40)], output };
  } finally {
    mend();
  }
}

function projectOf(test: string): 'unit' | 'db' | 'installs' {
  if (isOfDatabase(test)) return 'db';
  return /^installer\/(tests\/|.*\.slow\.)/.test(test) ? 'installs' : 'unit';
}

function copyCommit(root: string): string {
  const copy = mkdtempSync(join(tmpdir(), 'cms-'));
  execFileSync('git', ['clone', '--quiet', '--local', root, copy]);
  for (const folder of ['', 'server', 'web', 'installer']) {
    const packages = join(root, folder, 'node_modules');
    if (existsSync(packages)) symlinkSync(packages, join(copy, folder, 'node_modules'));
  }
  return copy;
}

/** PostgreSQL and OpenBao as the copy starts them before it is broken; started when first wanted. */
function lazyParts(copy: string): { start: () => Promise<string>; stop: () => Promise<void> } {
  let started: Started | undefined;
  return {
    start: async () => {
      started ??= await startParts(copy);
      return JSON.stringify(started.info);
    },
    stop: async () => started?.stop(),
  };
}

async function startParts(copy: string): Promise<Started> {
  const { startOwnParts } = (await import(join(copy, 'server/tests/start-parts.ts'))) as {
    startOwnParts: (dir: string) => Promise<Started>;
  };
  return startOwnParts(mkdtempSync('/tmp/casemate-'));
}
