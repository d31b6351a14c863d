import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import type { InstanceLayout } from '../instance/layout.ts';
import { componentIds } from '../supervisor/processes.ts';
import { journalSince } from '../supervisor/read-journal.ts';
import { unitNames } from '../units/unit-names.ts';
import { runsUnderSystemd } from '../units/unit-places.ts';

/** What the test planted in its tenants, and their ids, which logs may and must name. */
export type Planted = { secrets: readonly string[]; ids: readonly string[] };

export type SearchedLog = { name: string; bytes: number; holds: number; tells: boolean };

/** Where every log ended before the test. */
export type Mark = { at: Date; sizes: ReadonlyMap<string, number> };

export async function markLogs({ logDir }: InstanceLayout): Promise<Mark> {
  const sizes = new Map<string, number>();
  for (const file of await listLogs(logDir)) sizes.set(file, (await stat(file)).size);
  return { at: new Date(), sizes };
}

/** Searches what every log has said since the mark; one that was begun anew is read whole. */
export async function searchLogs(
  layout: InstanceLayout,
  mark: Mark,
  planted: Planted,
): Promise<SearchedLog[]> {
  const found: SearchedLog[] = [];
  for (const file of await listLogs(layout.logDir)) {
    const before = mark.sizes.get(file) ?? 0;
    const { size } = await stat(file);
    const start = size < before ? 0 : before;
    const name = path.relative(layout.logDir, file);
    found.push(await searchText(createReadStream(file, { start }), planted, name));
  }
  if (!runsUnderSystemd(layout)) return found;
  const names = unitNames(layout.instance);
  for (const id of componentIds) {
    const text = await journalSince(names.component(id), mark.at);
    found.push(await searchText(Readable.from([text]), planted, `${id} in the journal`));
  }
  return found;
}

async function listLogs(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
}

async function searchText(
  input: Readable,
  { secrets, ids }: Planted,
  name: string,
): Promise<SearchedLog> {
  const forms = secrets.flatMap(notationsOf);
  const names = ids.flatMap((id) => [id, id.replaceAll('-', '')]);
  const log = { name, bytes: 0, holds: 0, tells: false };
  for await (const line of createInterface({ input, crlfDelay: Infinity })) {
    const text = line.toLowerCase();
    log.bytes += Buffer.byteLength(line) + 1;
    if (forms.some((form) => text.includes(form))) log.holds += 1;
    if (names.some((id) => text.includes(id))) log.tells = true;
  }
  return log;
}

/** As it is, in hexadecimal digits, and in both alphabets of base64 from its first byte on. */
function notationsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return [
    secret,
    bytes.toString('hex'),
    bytes.toString('base64').replaceAll('=', '').slice(0, -2),
    bytes.toString('base64url').slice(0, -2),
  ].map((form) => form.toLowerCase());
}
