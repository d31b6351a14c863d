import { accessSync, constants } from 'node:fs';
import path from 'node:path';

/** The first of these programs on a PATH, as an absolute path. */
export function findProgram(searchPath: string, ...names: string[]): string | undefined {
  const folders = searchPath.split(path.delimiter).filter(Boolean);
  return names
    .flatMap((name) => folders.map((folder) => path.join(folder, name)))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}
