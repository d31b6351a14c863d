import { readFile } from 'node:fs/promises';
import { textFlag, type CommandCall } from '../commands/command.ts';
import type { ExitName } from '../exit-codes.ts';
import { Fault } from '../fault.ts';
import { askServer, visible } from './ask-server.ts';

/** `line` is where it stands in the file. */
type Wish = { name: string; language: string; line?: number };
type Created = {
  items: { id: string; name: string; state: string }[];
  existing: string[];
  seconds: number;
};

/** One command of the server makes so many; a long list goes in pieces, with a word after each. */
const PIECE = 500;

export async function createTenants(
  call: CommandCall,
  words: readonly string[],
): Promise<ExitName> {
  const wishes = await readWishes(call, words);
  const all: Created = { items: [], existing: [], seconds: 0 };
  const step = call.reporter.step(
    `Create ${wishes.length === 1 ? 'a tenant' : `${wishes.length} tenants`}`,
  );
  try {
    for (let at = 0; at < wishes.length; at += PIECE) {
      const piece = wishes.slice(at, at + PIECE);
      const { items, existing, seconds } = await askServer<Created>(call, {
        verb: 'create',
        tenants: piece.map(({ name, language }) => ({ name, language })),
        wait: call.flags['no-wait'] !== true,
      }).catch((error: unknown) => {
        throw pointAt(piece, error);
      });
      all.items.push(...items);
      all.existing.push(...existing);
      all.seconds = Math.round((all.seconds + seconds) * 1000) / 1000;
    }
  } catch (error) {
    step.failed();
    throw error;
  }
  step.done();
  const failed = all.items.filter(({ state }) => state === 'failed');
  call.answer(text(all), all);
  return failed.length > 0 || (wishes.length === 1 && all.existing.length === 1) ? 'failed' : 'ok';
}

async function readWishes(call: CommandCall, [name, ...more]: readonly string[]): Promise<Wish[]> {
  const file = textFlag(call, 'from');
  const language = textFlag(call, 'language') ?? 'en';
  if (file === undefined && name !== undefined && more.length === 0) return [{ name, language }];
  if (file === undefined || name !== undefined)
    throw new Fault('Give one name (quote it), or --from FILE', { code: 'usage' });
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new Fault(`${file} can't be read`, { code: 'usage', cause });
  });
  const wishes = text.split(/\r?\n/).flatMap((line, at): Wish[] => {
    if (line.trim() === '') return [];
    const [own = '', spoken] = line.split('\t');
    return [{ name: own, language: spoken?.trim() ?? language, line: at + 1 }];
  });
  if (wishes.length === 0) throw new Fault(`${file} holds no name`, { code: 'usage' });
  return wishes;
}

/** The server counts what it was handed; a person looks for a line of the file. */
function pointAt(piece: readonly Wish[], error: unknown): unknown {
  const found = /^tenants\.(\d+)\.(\w+): (.*)$/.exec(error instanceof Fault ? error.message : '');
  const [, at, field = '', why = ''] = found ?? [];
  if (at === undefined) return error;
  const line = piece[Number(at)]?.line;
  const says =
    field === 'language' ? 'the language is en, de, no, es, fr or simple' : `the ${field} ${why}`;
  const what = line === undefined ? says : `line ${line}: ${says}`;
  const next = line === undefined ? {} : { next: 'Nothing of this part of the file was made.' };
  return new Fault(`${what.slice(0, 1).toUpperCase()}${what.slice(1)}`, { code: 'usage', ...next });
}

function text({ items, existing, seconds }: Created): string {
  const lines = items
    .slice(0, 50)
    .map(({ id, name, state }) => `${visible(name)}  ${state}  ${id}`);
  if (items.length > 50) lines.push(`… and ${items.length - 50} more`);
  if (existing.length > 0)
    lines.push(
      `There already: ${existing.slice(0, 20).map(visible).join(', ')}${existing.length > 20 ? ', …' : ''}`,
    );
  lines.push(`${items.length} created in ${seconds} s`);
  return lines.join('\n');
}
