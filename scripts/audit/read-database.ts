import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { unzipSync } from 'fflate';
import type { Advisory } from './osv.ts';

export type Database = { advisories: Advisory[]; newest: Date | null; unreadable: number };

/**
 * Advisories from a folder of an offline database: files of one advisory each (*.json), lists of them
 * (*.json, *.jsonl), and the archives that OSV exports per ecosystem (all.zip), at any depth.
 */
export function readDatabase(place: string): Database {
  const texts = statSync(place).isDirectory()
    ? readdirSync(place, { recursive: true, encoding: 'utf8' }).flatMap((name) =>
        readTexts(path.join(place, name)),
      )
    : readTexts(place);
  const database: Database = { advisories: [], newest: null, unreadable: 0 };
  for (const text of texts)
    for (const one of parseAll(text)) {
      if (one === null) {
        database.unreadable += 1;
        continue;
      }
      database.advisories.push(one);
      const modified = one.modified === undefined ? null : new Date(one.modified);
      if (modified && (!database.newest || modified > database.newest)) database.newest = modified;
    }
  return database;
}

function readTexts(file: string): string[] {
  if (file.endsWith('.zip'))
    return Object.entries(unzipSync(readFileSync(file)))
      .filter(([name]) => name.endsWith('.json'))
      .map(([, bytes]) => Buffer.from(bytes).toString('utf8'));
  const text = /\.jsonl?$/.test(file) && statSync(file).isFile() ? readFileSync(file, 'utf8') : '';
  if (text === '') return [];
  return file.endsWith('.jsonl') ? text.split('\n').filter(Boolean) : [text];
}

function parseAll(text: string): (Advisory | null)[] {
  try {
    const found = [JSON.parse(text) as Advisory | Advisory[]].flat();
    return found.map((one) => (typeof one.id === 'string' ? one : null));
  } catch {
    return [null];
  }
}
