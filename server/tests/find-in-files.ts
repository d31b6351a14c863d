import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';

export type Found = { readonly file: string; readonly text: string };

/** Every file below a folder that holds one of the texts, in any case, however it is framed. */
export function findInFiles(folder: string, texts: readonly string[]): Found[] {
  const wanted = texts.map((text) => text.toLowerCase());
  return filesBelow(folder).flatMap((file) => {
    // Bytes as Latin letters: what is no text stays as it is, and ASCII is found.
    const contents = read(file).toString('latin1').toLowerCase();
    return wanted
      .filter((text) => contents.includes(text))
      .map((text) => ({ file: relative(folder, file), text }));
  });
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = join(folder, entry.name);
    if (entry.isDirectory()) return filesBelow(file);
    return entry.isFile() ? [file] : [];
  });
}

/** A file that goes away meanwhile holds nothing. */
function read(file: string): Buffer {
  try {
    return statSync(file).size > 0 ? readFileSync(file) : Buffer.alloc(0);
  } catch {
    return Buffer.alloc(0);
  }
}
