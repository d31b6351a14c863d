import { rm } from 'node:fs/promises';
import path from 'node:path';
import { hashFile } from './hash-file.ts';

/** Removes a file that is not the pinned one before it throws: refused bytes must not lie around. */
export async function verifyFile(file: string, sha256: string): Promise<void> {
  const actual = await hashFile(file);
  if (actual === sha256) return;
  await rm(file, { force: true });
  throw new Error(
    `${path.basename(file)} is refused: its SHA-256 is ${actual}, pinned is ${sha256}`,
  );
}
