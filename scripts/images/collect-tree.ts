import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import type { TarEntry } from './tar.ts';

type Tree = {
  from: string;
  /** Folder of the image, without a leading slash. */
  to: string;
  keep?: (relative: string) => boolean;
};

/** What lies under a folder, as entries of a layer: modes 0755 or 0644, owned by root. */
export function collectTree({ from, to, keep = () => true }: Tree): TarEntry[] {
  const entries: TarEntry[] = [];
  const visit = (relative: string): void => {
    for (const name of readdirSync(path.join(from, relative))) {
      const below = path.posix.join(relative, name);
      if (!keep(below)) continue;
      const file = path.join(from, below);
      const stat = lstatSync(file);
      const entry = { path: path.posix.join(to, below) };
      if (stat.isDirectory()) {
        entries.push({ ...entry, kind: 'folder', mode: 0o755 });
        visit(below);
      } else if (stat.isSymbolicLink())
        entries.push({ ...entry, kind: 'link', mode: 0o777, content: readlinkSync(file) });
      else {
        const mode = stat.mode & 0o111 ? 0o755 : 0o644;
        entries.push({ ...entry, kind: 'file', mode, content: readFileSync(file) });
      }
    }
  };
  visit('');
  return [...foldersAbove(`${to}/x`), ...entries];
}

export function oneFile(file: string, to: string, mode = 0o644): TarEntry[] {
  const content = readFileSync(file);
  return [...foldersAbove(to), { path: to, kind: 'file', mode, content }];
}

/** An archive without them leaves their mode to whoever unpacks it. */
export function foldersAbove(file: string): TarEntry[] {
  const parts = file.split('/').slice(0, -1);
  return parts.map((_part, at) => ({
    path: parts.slice(0, at + 1).join('/'),
    kind: 'folder',
    mode: 0o755,
  }));
}

/** Each path once; a later entry replaces an earlier one. */
export function oncePerPath(entries: readonly TarEntry[]): TarEntry[] {
  return [...new Map(entries.map((entry) => [entry.path, entry])).values()];
}
