import { copyFile, mkdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { hashFile } from '../../components/hash-file.ts';
import { Fault } from '../../fault.ts';
import { isPlainPath, type BundledFile } from '../manifest.ts';
import { listTree } from './pack-tree.ts';

/** The folder in which the files of a bundle are gathered, by their paths in it. */
export type Stage = {
  dir: string;
  place: (name: string) => Promise<string>;
  write: (name: string, content: string | Buffer, mode?: number) => Promise<void>;
  copy: (from: string, name: string) => Promise<void>;
  /** A folder with what `keep` lets through; nothing where there is no such folder. */
  copyTree: (from: string, name: string, keep?: (file: string) => boolean) => Promise<void>;
  list: () => Promise<BundledFile[]>;
};

export function stageIn(dir: string): Stage {
  const place = async (name: string) => {
    const to = path.join(dir, name);
    await mkdir(path.dirname(to), { recursive: true });
    return to;
  };
  const copy = async (from: string, name: string) => copyFile(from, await place(name));
  return {
    dir,
    place,
    copy,
    write: async (name, content, mode = 0o644) => writeFile(await place(name), content, { mode }),
    copyTree: async (from, name, keep = () => true) => {
      if (!(await stat(from).catch(() => undefined))?.isDirectory()) return;
      for (const entry of await listTree(from))
        if (entry.link === undefined && keep(entry.path))
          await copy(path.join(from, entry.path), path.posix.join(name, entry.path));
    },
    list: async () => {
      const files: BundledFile[] = [];
      for (const { path: name, size, mode } of await listTree(dir)) {
        if (!isPlainPath(name))
          throw new Fault(`${name} can't stand in a bundle`, {
            why: 'Its name holds what a shell or a file system could read in another way.',
          });
        const sha256 = await hashFile(path.join(dir, name));
        files.push({ path: name, size, mode: mode === 0o755 ? 'program' : 'file', sha256 });
      }
      return files;
    },
  };
}
