import { createInterface } from 'node:readline/promises';
import { commandHelp, generalHelp } from './commands/help.ts';
import { parseCall } from './commands/parse-call.ts';
import { commands, commonFlags } from './commands/table.ts';
import { exitCodes } from './exit-codes.ts';
import type { ExitName } from './exit-codes.ts';
import { Fault } from './fault.ts';
import { resolveLayout } from './instance/resolve-layout.ts';
import { systemFault } from './system-fault.ts';
import { terminalReporter } from './terminal/reporter.ts';
import { painter } from './terminal/terminal.ts';

// What a file may be for others is said where it is made; directories of programs must be passable.
process.umask(0o022);
process.exitCode = exitCodes[await main(process.argv.slice(2), process.env)];

async function main(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<ExitName> {
  try {
    return await run(argv, env);
  } catch (error) {
    return explain(error, argv.includes('--json'), env);
  }
}

async function run(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<ExitName> {
  const [first] = argv;
  if (first === undefined || first === 'help' || first === '--help' || first === '-h') {
    const asked = commands.find(({ name }) => name === argv[1]);
    print(asked ? commandHelp(asked, commonFlags) : generalHelp(commands, commonFlags));
    return 'ok';
  }
  const words = first === '--version' ? ['version', ...argv.slice(1)] : argv;
  const call = parseCall(words, commands, commonFlags);
  if (call.flags['help']) {
    print(commandHelp(call.command, commonFlags));
    return 'ok';
  }
  const json = call.flags['json'] === true;
  const text = (name: string) => call.flags[name] as string | undefined;
  const layout = resolveLayout({
    instance: text('instance'),
    dataDir: text('data-dir'),
    sealDir: text('seal-dir'),
    asRoot: process.getuid?.() === 0,
    env,
  });
  return call.command.run({
    ...call,
    json,
    layout,
    env,
    answer: (answer, value) => print(json ? JSON.stringify(value) : answer),
    reporter: terminalReporter(process.stderr, painter(process.stderr, env)),
    paint: painter(process.stdout, env),
    ask,
  });
}

/** What happened, why, and the next step. An error that nobody foresaw shows its trace on request. */
function explain(error: unknown, json: boolean, env: NodeJS.ProcessEnv): ExitName {
  const paint = painter(process.stderr, env);
  const known = error instanceof Fault ? error : systemFault(error);
  const what = known ? known.message : error instanceof Error ? error.message : String(error);
  const next = known
    ? known.next
    : 'Run the command again; if it stays, run it with CASEMATE_TRACE=1.';
  const why = known?.why;
  const code = known?.code ?? 'failed';
  const lines = [`${paint('red', 'Error:')} ${what}`, ...(why ? [`  Why:  ${why}`] : [])];
  if (next) lines.push(`  Next: ${next}`);
  process.stderr.write(`\n${lines.join('\n')}\n`);
  if (env['CASEMATE_TRACE'] && error instanceof Error)
    process.stderr.write(`${String(error.stack)}\n`);
  if (json) print(JSON.stringify({ error: { code, what, why: why ?? null, next: next ?? null } }));
  return code;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

async function ask(question: string): Promise<string | null> {
  if (!process.stdin.isTTY) return null;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await terminal.question(question)).trim();
  } finally {
    terminal.close();
  }
}
