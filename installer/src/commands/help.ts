import { exitCodes } from '../exit-codes.ts';
import { formatTable } from '../terminal/terminal.ts';
import type { Command, Flag } from './command.ts';

/** `casemate help`. */
export function generalHelp(commands: readonly Command[], common: Record<string, Flag>): string {
  const listed = commands.filter((command) => !command.internal);
  return [
    'casemate: AI over your own documents, on your own host',
    '',
    'Usage: casemate COMMAND [FLAGS]',
    '',
    'Commands',
    indent(formatTable(listed.map(({ name, summary }) => [name, summary]))),
    '',
    'Flags of every command',
    indent(flagTable(common)),
    '',
    'Exit codes',
    indent(formatTable(Object.entries(exitCodes).map(([name, code]) => [String(code), name]))),
    '',
    'casemate COMMAND --help says more about each.',
  ].join('\n');
}

/** `casemate COMMAND --help`. */
export function commandHelp(command: Command, common: Record<string, Flag>): string {
  const words = command.words ? ` ${command.words.value}` : '';
  const own = Object.keys(command.flags).length > 0;
  return [
    `casemate ${command.name}: ${command.summary}`,
    '',
    `Usage: casemate ${command.name}${words} [FLAGS]`,
    ...(command.description ? ['', command.description] : []),
    ...(own ? ['', 'Flags', indent(flagTable(command.flags))] : []),
    '',
    'Flags of every command',
    indent(flagTable(common)),
  ].join('\n');
}

function flagTable(flags: Readonly<Record<string, Flag>>): string {
  return formatTable(
    Object.entries(flags).map(([name, { short, value, help }]) => [
      `${short ? `-${short}, ` : ''}--${name}${value ? ` ${value}` : ''}`,
      help,
    ]),
  );
}

function indent(text: string): string {
  return text
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
}
