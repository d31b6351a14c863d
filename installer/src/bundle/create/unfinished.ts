import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';

const prefix = '.unfinished-';

/**
 * Works in a folder of its own within `outDir`, so that a disk that fills up, or a kill, leaves nothing
 * there that looks like a bundle. What killed runs left is removed first.
 */
export async function withUnfinished<T>(
  outDir: string,
  work: (dir: string) => Promise<T>,
): Promise<T> {
  await mkdir(outDir, { recursive: true });
  for (const name of await readdir(outDir))
    if (isAbandoned(name)) await rm(path.join(outDir, name), { recursive: true, force: true });
  const dir = await mkdtemp(path.join(outDir, `${prefix}${process.pid}-`));
  try {
    return await work(dir);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

function isAbandoned(name: string): boolean {
  if (!name.startsWith(prefix)) return false;
  const [pid = ''] = name.slice(prefix.length).split('-');
  return !existsSync(`/proc/${pid}`);
}

/** Puts a finished bundle in its place; one of the same name, in other parts perhaps, goes first. */
export async function publish(from: string, outDir: string, name: string): Promise<void> {
  for (const old of await readdir(outDir))
    if (old.startsWith(`${name}.`)) await rm(path.join(outDir, old));
  for (const file of await readdir(from))
    await rename(path.join(from, file), path.join(outDir, file));
}
