import { parseArgs } from 'node:util';
import { Fault } from '../fault.ts';
import type { Command, Flag } from './command.ts';
import { nearest } from './nearest.ts';

export type ParsedCall = {
  command: Command;
  flags: Record<string, string | boolean | undefined>;
  words: string[];
};

/** Finds the command and reads its flags; what can't be used is a usage error with the nearest. */
export function parseCall(
  argv: readonly string[],
  commands: readonly Command[],
  common: Readonly<Record<string, Flag>>,
): ParsedCall {
  const [name = 'help', ...rest] = argv;
  const command = commands.find((candidate) => candidate.name === name);
  if (!command)
    throw unknown(
      'command',
      name,
      commands.map((candidate) => candidate.name),
    );
  const known: Record<string, Flag> = { ...common, ...command.flags };
  const { tokens } = parseArgs({
    args: rest,
    options: Object.fromEntries(
      Object.entries(known).map(([flag, { type, short }]) => [
        flag,
        short ? { type, short } : { type },
      ]),
    ),
    strict: false,
    tokens: true,
    allowPositionals: true,
  });
  const call: ParsedCall = { command, flags: {}, words: [] };
  for (const token of tokens) {
    if (token.kind === 'positional') call.words.push(token.value);
    if (token.kind === 'option') call.flags[token.name] = flagValue(token, known, name);
  }
  const extra = call.words[command.words?.most ?? 0];
  if (extra !== undefined) {
    throw new Fault(`casemate ${name} does not take "${extra}"`, helpFor(name));
  }
  return call;
}

type OptionToken = { name: string; rawName: string; value: string | undefined };

function flagValue(token: OptionToken, known: Record<string, Flag>, command: string) {
  const flag = known[token.name];
  if (!flag)
    throw unknown(
      'flag',
      token.rawName,
      Object.keys(known).map((name) => `--${name}`),
    );
  if (flag.type === 'boolean' && token.value !== undefined) {
    throw new Fault(`--${token.name} takes no value`, helpFor(command));
  }
  const missing = flag.mayBeEmpty ? token.value === undefined : !token.value;
  if (flag.type === 'string' && missing) {
    throw new Fault(`--${token.name} needs a value: ${flag.value ?? 'VALUE'}`, helpFor(command));
  }
  return token.value ?? true;
}

function unknown(kind: 'command' | 'flag', typed: string, known: readonly string[]): Fault {
  const near = nearest(typed, known);
  return new Fault(`Unknown ${kind} "${typed}"`, {
    ...(near ? { why: `Did you mean ${near}?` } : {}),
    next: 'See `casemate help`.',
    code: 'usage',
  });
}

function helpFor(command: string): { next: string; code: 'usage' } {
  return { next: `See \`casemate ${command} --help\`.`, code: 'usage' };
}
