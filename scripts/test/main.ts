import path from 'node:path';
import { GATES } from './gates.ts';
import { makeLogFolder } from './make-log-folder.ts';
import { parseRequest, type Request } from './parse-request.ts';
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
  const logs = makeLogFolder(process.env, new Date());
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
  if (sum('skipped') > 0) console.log(`${sum('skipped')} skipped, with their reasons above`);
  console.log(`${sum('passed')} passed, ${sum('failed')} failed`);
  process.exitCode = sum('failed') === 0 && sum('passed') > 0 ? 0 : 1;
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
