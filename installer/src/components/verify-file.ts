import path from 'node:path';
import { hashFile } from './hash-file.ts';

/** Throws unless a file is the pinned one. The caller's working folder goes away with the file. */
export async function verifyFile(file: string, sha256: string): Promise<void> {
  const actual = await hashFile(file);
  if (actual !== sha256) {
    throw new Error(
      `${path.basename(file)} is refused: its SHA-256 is ${actual}, pinned is ${sha256}`,
    );
  }
}
