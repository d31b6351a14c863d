import path from 'node:path';
import { GATES } from './gates.ts';
import { reportFolder } from '../../installer/src/trust/report-folder.ts';
import { makeLogFolder } from './make-log-folder.ts';
import { parseRequest, type Request } from './parse-request.ts';
import { checkoutState, type CheckoutState } from './report/checkout-state.ts';
import { isFull } from './report/compose-report.ts';
import { writeReport } from './report/write-report.ts';
import { runGates } from './run-gates.ts';

const root = path.resolve(import.meta.dirname, '../..');

/** Runs the gates that the command line asks for; the last line counts what passed and failed. */
async function main(): Promise<void> {
  const request = readRequest();
  if (!request) return;
  if (request.list) {
    for (const { name, kind } of request.gates) console.log(`${name} (${kind})`);
    return;
  }
  process.chdir(root);
  const startedAt = new Date();
  const logs = makeLogFolder(process.env, startedAt);
  const before = await stateOf(request);
  const outcomes = await runGates({
    request,
    logs,
    env: {
      ...process.env,
      CI: 'true',
      FORCE_COLOR: '0',
      NODE_ENV: 'test',
      // Boots systemd in namespaces of its own, which takes a minute and needs root.
      ...(request.all ? { CASEMATE_TEST_SYSTEMD: '1' } : {}),
    },
    say: (text) => console.log(text),
  });
  const sum = (key: 'passed' | 'failed' | 'skipped'): number =>
    outcomes.reduce((total, outcome) => total + outcome[key], 0);
  console.log(`Logs of each gate: ${logs}`);
  if (before) {
    const { gates, paths, all } = request;
    const folder = reportFolder(root, process.env);
    const run = { root, folder, logs, before, startedAt, gates, paths, all, outcomes };
    console.log(`Signed report: ${await writeReport({ ...run, known: GATES })}`);
  }
  if (sum('skipped') > 0) console.log(`${sum('skipped')} skipped, with their reasons above`);
  console.log(`${sum('passed')} passed, ${sum('failed')} failed`);
  process.exitCode = sum('failed') === 0 && sum('passed') > 0 ? 0 : 1;
}

/** Of a run that will leave a report: all gates, in a checkout of git. */
async function stateOf({ gates, paths }: Request): Promise<CheckoutState | undefined> {
  if (!isFull(gates, GATES, paths)) return undefined;
  return checkoutState(root).catch(() => {
    console.log('No signed report: this folder is no checkout of git');
    return undefined;
  });
}

function readRequest(): Request | undefined {
  try {
    return parseRequest(process.argv.slice(2), GATES);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 2;
    return undefined;
  }
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
await main();
