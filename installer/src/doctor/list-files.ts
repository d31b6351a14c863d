import type { Stats } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import path from 'node:path';
import type { FileFact } from './patient.ts';

/** Facts of one file, or null when it is not there; a directory above that is closed is an error. */
export async function findFile(file: string): Promise<FileFact | null> {
  try {
    return toFact(file, await lstat(file));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw error;
  }
}

/** Facts of the directory and of everything below it; what vanishes meanwhile is left out. */
export async function listFiles(dir: string): Promise<FileFact[]> {
  const self = await findFile(dir);
  if (!self) return [];
  const facts = [self];
  if (self.kind !== 'directory') return facts;
  for (const name of await readdir(dir)) facts.push(...(await listFiles(path.join(dir, name))));
  return facts;
}

function toFact(file: string, found: Stats): FileFact {
  return {
    path: file,
    kind: kindOf(found),
    mode: found.mode & 0o7777,
    uid: found.uid,
    bytes: found.size,
  };
}

function kindOf(found: Stats): FileFact['kind'] {
  if (found.isFile()) return 'file';
  if (found.isDirectory()) return 'directory';
  return found.isSymbolicLink() ? 'link' : 'other';
}
