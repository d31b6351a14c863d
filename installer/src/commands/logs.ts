import { existsSync } from 'node:fs';
import path from 'node:path';
import { Fault } from '../fault.ts';
import type { InstanceLayout } from '../instance/layout.ts';
import { unitNames } from '../units/unit-names.ts';
import { runsUnderSystemd } from '../units/unit-places.ts';
import { followJournal, lastJournalLines } from '../supervisor/read-journal.ts';
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
    const ids = id === undefined ? sources : [id];
    const source = runsUnderSystemd(call.layout)
      ? journalOf(call.layout, ids)
      : filesOf(call.layout, ids);
    const found = await source.last(count);
    const width = Math.max(0, ...found.map((one) => one.id.length));
    const show = (name: string, line: string) =>
      id === undefined ? `${name.padEnd(width)}  ${line}` : line;
    const text = found.flatMap(({ id: name, lines }) => lines.map((line) => show(name, line)));
    call.answer(text.join('\n'), {
      logs: found.map(({ id: name, lines }) => ({ id: name, lines })),
    });
    if (call.flags['follow']) {
      await source.follow((name, line) => call.answer(show(name, line), { id: name, line }));
    }
    return 'ok';
  },
};

type Found = { id: string; lines: string[] };
type LogSource = {
  last: (count: number) => Promise<Found[]>;
  follow: (onLine: (id: string, line: string) => void) => Promise<void>;
};

function filesOf({ logDir }: InstanceLayout, ids: readonly string[]): LogSource {
  const files = ids
    .map((id) => ({ id, file: path.join(logDir, `${id}.log`) }))
    .filter(({ file }) => existsSync(file));
  return {
    last: (count) =>
      Promise.resolve(files.map(({ id, file }) => ({ id, lines: lastLines(file, count) }))),
    follow: (onLine) => followFiles(files, onLine),
  };
}

/** Under systemd there is no supervisor, and what the units write is in the journal. */
function journalOf({ instance }: InstanceLayout, ids: readonly string[]): LogSource {
  const names = unitNames(instance);
  const units = componentIds
    .filter((id) => ids.includes(id))
    .map((id) => ({ id, unit: names.component(id) }));
  return {
    last: (count) =>
      Promise.all(
        units.map(async ({ id, unit }) => ({ id, lines: await lastJournalLines(unit, count) })),
      ),
    follow: (onLine) => followJournal(units, onLine),
  };
}
