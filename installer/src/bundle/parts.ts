import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { hashFile } from '../components/hash-file.ts';
import { Fault } from '../fault.ts';
import { damaged } from './manifest.ts';

/** The files of one archive in their order. */
export type Parts = { files: string[]; bytes: number };

/**
 * The archive, whole (`X.tar`) or in parts (`X.tar.001`, …) that stand in one folder; any part names
 * all of them. Where `X.sums` stands beside it, it says how many there are and which is which.
 */
export async function findParts(file: string): Promise<Parts> {
  const whole = file.replace(/\.\d{3}$|\.sums$/, '').replace(/(\.tar)?$/, '.tar');
  const dir = path.dirname(path.resolve(whole));
  const name = path.basename(whole);
  const present: string[] = await readdir(dir).catch(() => []);
  const parts = present.filter((one) => one.startsWith(`${name}.`) && /\.\d{3}$/.test(one)).sort();
  const found = present.includes(name) ? [name] : parts;
  if (found.length === 0)
    throw new Fault(`There is no bundle at ${file}`, {
      next: 'Name the file that ends in .tar, or its first part, which ends in .tar.001.',
      code: 'source',
    });
  const gap = found.findIndex((one, at) => one !== name && one !== `${name}.${partNumber(at)}`);
  if (gap >= 0) throw damaged(`Part ${partNumber(gap)} of ${name} is missing.`);
  await compareWithSums(dir, found, `${name.replace(/\.tar$/, '')}.sums`);
  const files = found.map((one) => path.join(dir, one));
  const sizes = await Promise.all(files.map(async (one) => (await stat(one)).size));
  return { files, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}

export const partNumber = (at: number): string => String(at + 1).padStart(3, '0');

/** Says in plain words which part is missing, damaged or swapped; the signature is judged later. */
async function compareWithSums(dir: string, found: readonly string[], file: string) {
  const text = await readFile(path.join(dir, file), 'utf8').catch(() => undefined);
  if (text === undefined) return;
  const wanted = new Map(
    text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => [line.slice(66), line.slice(0, 64)]),
  );
  const missing = [...wanted.keys()].find((name) => !found.includes(name));
  if (missing) throw damaged(`${missing} is missing.`);
  const extra = found.find((name) => !wanted.has(name));
  if (extra) throw damaged(`${extra} does not belong to it.`);
  for (const name of found) {
    const sha256 = await hashFile(path.join(dir, name));
    if (sha256 === wanted.get(name)) continue;
    const other = [...wanted].find(([, sum]) => sum === sha256)?.[0];
    throw damaged(other ? `${name} holds what ${other} must hold.` : `${name} was changed.`);
  }
}

export async function* readParts(
  { files, bytes }: Parts,
  onBytes?: (done: number, total: number) => void,
): AsyncGenerator<Buffer> {
  let done = 0;
  for (const file of files)
    for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) {
      yield chunk as Buffer;
      done += (chunk as Buffer).length;
      onBytes?.(done, bytes);
    }
}
