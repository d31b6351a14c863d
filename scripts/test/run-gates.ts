import type { Gate, Need, Outcome } from './gate.ts';
import { SLOW } from './gates.ts';
import type { Request } from './parse-request.ts';
import { groupSuites } from './group-suites.ts';
import { prepare } from './prepare.ts';
import { runGate } from './run-gate.ts';

type Job = { request: Request; logs: string; env: NodeJS.ProcessEnv; say: (text: string) => void };

/** Two checks fit two cores; more would only wait for each other. */
const CHECKS_AT_ONCE = 2;

/** Runs the gates in their order. What a suite needs is brought while the checks run. */
export async function runGates(job: Job): Promise<Outcome[]> {
  const { gates } = job.request;
  const brought = new Map<Need, Promise<string | undefined>>();
  let last: Promise<unknown> = Promise.resolve();
  for (const need of new Set(gates.flatMap((gate) => gate.needs))) {
    const next = last.then(() => bring(job, need));
    brought.set(need, next);
    last = next;
  }
  const outcomes = await runChecks(
    job,
    gates.filter(({ kind }) => kind === 'check'),
  );
  const runSuite = async (gate: Gate): Promise<Outcome> => {
    const faults = await Promise.all(gate.needs.map(async (need) => await brought.get(need)));
    return run(
      job,
      gate,
      faults.filter((fault) => fault !== undefined),
    );
  };
  for (const together of groupSuites(gates)) {
    outcomes.push(...(await Promise.all(together.map(runSuite))));
  }
  return outcomes;
}

async function bring({ logs, env, say }: Job, need: Need): Promise<string | undefined> {
  const started = performance.now();
  const fault = await prepare({ need, logs, env });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  say(fault ? `✗ ${need} is missing: ${fault}` : `  ${need} is at hand (${seconds} s)`);
  return fault;
}

async function runChecks(job: Job, checks: readonly Gate[]): Promise<Outcome[]> {
  const waiting = [...checks];
  const outcomes: Outcome[] = [];
  const work = async (): Promise<void> => {
    for (let gate = waiting.shift(); gate; gate = waiting.shift()) {
      outcomes.push(await run(job, gate, []));
    }
  };
  await Promise.all(Array.from({ length: CHECKS_AT_ONCE }, work));
  return outcomes;
}

async function run(job: Job, gate: Gate, missing: readonly string[]): Promise<Outcome> {
  if (missing.length > 0) {
    job.say(`✗ ${gate.name} could not run`);
    return { gate: gate.name, passed: 0, failed: 1, skipped: 0, notes: missing, seconds: 0 };
  }
  const { paths, all } = job.request;
  // Not the unit tests: the flag would replace the patterns that keep the others out of them.
  const leaves = ['db', 'installs', 'journeys'].includes(gate.name) && !all;
  const slow = leaves ? [`--testPathIgnorePatterns=${SLOW}`] : [];
  const coverage = all && gate.coversLines ? coverageOf(gate.coversLines, job.logs) : [];
  const beat = setInterval(() => job.say(`  ${gate.name} is still running`), 60_000);
  // The paths first: after the flag they would be more of its patterns.
  const outcome = await runGate({ ...job, gate, extra: [...paths, ...coverage, ...slow] });
  clearInterval(beat);
  job.say(describe(outcome));
  return outcome;
}

/** By V8's own counters: the tests run as they do without. A share that is too small fails the suite. */
function coverageOf(lines: number, logs: string): string[] {
  return [
    ...['--coverage', '--coverageProvider=v8', '--coverageReporters=text-summary'],
    ...['--coverageReporters=json-summary', `--coverageDirectory=${logs}/coverage`],
    '--collectCoverageFrom={server,installer,web}/src/**/*.{ts,tsx}',
    `--coverageThreshold=${JSON.stringify({ global: { lines } })}`,
  ];
}

function describe({ gate, passed, failed, skipped, notes, seconds }: Outcome): string {
  const mark = failed > 0 ? '✗' : passed > 0 ? '✓' : '-';
  const counts = [
    `${passed} passed`,
    `${failed} failed`,
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
  ].join(', ');
  const text = notes.map((note) => `\n${note}`).join('\n');
  return `${mark} ${gate}: ${counts} (${seconds.toFixed(1)} s)${text}`;
}
