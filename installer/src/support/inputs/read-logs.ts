import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import type { InstanceLayout } from '../../instance/layout.ts';
import { componentIds } from '../../supervisor/processes.ts';
import { lastJournalLines } from '../../supervisor/read-journal.ts';
import { unitNames } from '../../units/unit-names.ts';
import { runsUnderSystemd } from '../../units/unit-places.ts';
import type { Input } from '../redact/redactor.ts';

const formatOf = (id: string): Input['format'] => (id === 'postgresql' ? 'postgresql' : 'log');

/**
 * The ends of all logs, so many bytes of each. The audit files of the key service are not among them:
 * they say who asked for which key when, and help with no fault that the other logs don't show.
 */
export async function readLogs(layout: InstanceLayout, bytes: number): Promise<Input[]> {
  const files = [...componentIds, 'supervisor']
    .map((id) => ({ id, file: path.join(layout.logDir, `${id}.log`) }))
    .filter(({ file }) => existsSync(file));
  const fromFiles = await Promise.all(
    files.map(async ({ id, file }) => ({
      path: `logs/${id}.log`,
      format: formatOf(id),
      text: await readEnd(file, bytes),
    })),
  );
  if (!runsUnderSystemd(layout)) return fromFiles;
  const names = unitNames(layout.instance);
  const fromJournal: Input[] = [];
  for (const id of componentIds) {
    const lines = await lastJournalLines(names.component(id), 5000).catch(() => []);
    const text = lines.join('\n').slice(-bytes);
    fromJournal.push({ path: `logs/${id}.journal`, format: formatOf(id), text });
  }
  return [...fromFiles, ...fromJournal];
}

/** The last bytes of a file from the beginning of a line on: half a line may hide half a secret. */
async function readEnd(file: string, bytes: number): Promise<string> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    const from = Math.max(0, size - bytes);
    const buffer = Buffer.alloc(size - from);
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, from);
    const text = buffer.toString('utf8', 0, bytesRead);
    return from === 0 ? text : text.slice(text.indexOf('\n') + 1);
  } finally {
    await handle.close();
  }
}
