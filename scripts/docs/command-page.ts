import type { Command, Flag } from '../../installer/src/commands/command.ts';

type Flags = Readonly<Record<string, Flag>>;
type Page = {
  commands: readonly Command[];
  common: Flags;
  exitCodes: Readonly<Record<string, number>>;
};

const INTRODUCTION = `Answers go to standard output, everything else to standard error. \`--json\` gives the answer in a
stable shape. This page is made from the command itself, by \`node scripts/docs/main.ts\`.`;

/** The page about the `casemate` command, in Markdown, from the table that the command runs by. */
export function commandPage({ commands, common, exitCodes }: Page): string {
  return [
    '# The casemate command',
    INTRODUCTION,
    ...commands.filter(({ internal }) => !internal).flatMap(section),
    '## Flags of every command',
    flagTable(common),
    '## Exit codes',
    table(
      ['Code', 'Name'],
      Object.entries(exitCodes).map(([name, code]) => [String(code), `\`${name}\``]),
    ),
  ]
    .join('\n\n')
    .concat('\n');
}

function section({ name, words, summary, description, flags }: Command): string[] {
  return [
    `## casemate ${name}`,
    `\`\`\`sh\ncasemate ${name}${words ? ` ${words.value}` : ''} [FLAGS]\n\`\`\``,
    `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`,
    ...(description ? [`\`\`\`text\n${description}\n\`\`\``] : []),
    ...(Object.keys(flags).length > 0 ? [flagTable(flags)] : []),
  ];
}

function flagTable(flags: Flags): string {
  return table(
    ['Flag', 'What'],
    Object.entries(flags).map(([name, { short, value, help }]) => [
      `\`${short ? `-${short}, ` : ''}--${name}${value ? ` ${value}` : ''}\``.replaceAll(
        '|',
        '\\|',
      ),
      help.replaceAll('|', '\\|'),
    ]),
  );
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
