import { existsSync } from 'node:fs';
import path from 'node:path';
import { Fault } from '../fault.ts';
import { getSettings } from '../instance/settings.ts';
import { componentIds } from '../supervisor/processes.ts';
import { followFiles, lastLines } from '../supervisor/read-logs.ts';
import type { Command } from './command.ts';
import { textFlag } from './command.ts';

const sources = ['supervisor', ...componentIds];

export const logs: Command = {
  name: 'logs',
  summary: 'show the end of the logs',
  description: `Components: ${sources.join(', ')}.`,
  words: { value: '[COMPONENT]', most: 1 },
  flags: {
    follow: { type: 'boolean', short: 'f', help: 'go on with new lines until Ctrl-C' },
    lines: {
      type: 'string',
      short: 'n',
      value: 'N',
      help: 'how many of the last lines (default: 50)',
    },
  },
  run: async (call) => {
    await getSettings(call.layout);
    const [id] = call.words;
    if (id !== undefined && !sources.includes(id)) {
      throw new Fault(`There is no log of "${id}"`, {
        next: `Choose: ${sources.join(', ')}.`,
        code: 'usage',
      });
    }
    const count = Number(textFlag(call, 'lines') ?? 50);
    if (!Number.isInteger(count) || count < 0) {
      throw new Fault('--lines needs a number', { code: 'usage' });
    }
    const chosen = (id === undefined ? sources : [id])
      .map((source) => ({ id: source, file: path.join(call.layout.logDir, `${source}.log`) }))
      .filter(({ file }) => existsSync(file));
    const found = chosen.map((source) => ({ ...source, lines: lastLines(source.file, count) }));
    const width = Math.max(0, ...found.map((source) => source.id.length));
    const show = (source: string, line: string) =>
      id === undefined ? `${source.padEnd(width)}  ${line}` : line;
    const text = found.flatMap(({ id: source, lines }) => lines.map((line) => show(source, line)));
    call.answer(text.join('\n'), {
      logs: found.map(({ id: name, lines }) => ({ id: name, lines })),
    });
    if (call.flags['follow']) {
      await followFiles(chosen, (source, line) =>
        call.answer(show(source, line), { id: source, line }),
      );
    }
    return 'ok';
  },
};
