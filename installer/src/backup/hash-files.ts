import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { hashFile } from '../components/hash-file.ts';

/** SHA-256 of every file below a folder, by its path in it. A file that goes away meanwhile is left out. */
export async function hashFiles(
  dir: string,
  skip: (file: string) => boolean = () => false,
): Promise<{ path: string; sha256: string; size: number }[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => !skip(file))
    .sort();
  const hashes: { path: string; sha256: string; size: number }[] = [];
  for (const file of files) {
    try {
      const { size } = await stat(file);
      hashes.push({ path: path.relative(dir, file), sha256: await hashFile(file), size });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  return hashes;
}
