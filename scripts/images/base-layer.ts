import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { group, mountPoints, passwd } from './accounts.ts';
import { collectTree, foldersAbove, oneFile } from './collect-tree.ts';
import { unpackPackage, type LockedPackage } from './debian-package.ts';
import type { TarEntry } from './tar.ts';

type PackageName = 'libc6' | 'gcc-12-base' | 'libgcc-s1' | 'libstdc++6' | 'zlib1g' | 'dash';

const lock = JSON.parse(
  readFileSync(path.join(import.meta.dirname, 'base.lock.json'), 'utf8'),
) as Record<PackageName, LockedPackage>;

/** Of the C library only what programs load; no locales, no tools. */
const LIBRARY =
  /\/(ld-linux-x86-64|libc|libm|libdl|libpthread|librt|libresolv|libnss_dns|libnss_files|libutil|libgcc_s|libstdc\+\+|libz)\.so[.\d]*$/;

/** What every image stands on: a C library, who the accounts are, and nothing to run. */
export function baseEntries(cacheDir: string): TarEntry[] {
  const names = ['libc6', 'gcc-12-base', 'libgcc-s1', 'libstdc++6', 'zlib1g'] as const;
  const libraries = names.flatMap((name) => libraryEntries(name, cacheDir));
  const text = (file: string, lines: readonly string[]): TarEntry[] => [
    ...foldersAbove(file),
    { path: file, kind: 'file', mode: 0o644, content: `${lines.join('\n')}\n` },
  ];
  return [
    ...libraries,
    ...text('etc/passwd', passwd),
    ...text('etc/group', group),
    ...text('etc/nsswitch.conf', ['passwd: files', 'group: files', 'hosts: files dns']),
    { path: 'tmp', kind: 'folder', mode: 0o1777 },
    ...mountPoints,
  ];
}

/** For the one program that needs /bin/sh: PostgreSQL's initdb. */
export function shellEntries(cacheDir: string): TarEntry[] {
  const from = unpackPackage('dash', lock.dash, cacheDir);
  return [...collectTree({ from: path.join(from, 'bin'), to: 'bin' }), ...copyright(from, 'dash')];
}

function libraryEntries(name: PackageName, cacheDir: string): TarEntry[] {
  const from = unpackPackage(name, lock[name], cacheDir);
  const kept = collectTree({ from, to: '' }).filter(
    ({ path: file, kind }) => kind !== 'folder' && LIBRARY.test(`/${file}`),
  );
  return [
    ...kept.flatMap((entry) => [...foldersAbove(entry.path), entry]),
    ...copyright(from, name),
  ];
}

function copyright(from: string, name: string): TarEntry[] {
  const file = `usr/share/doc/${name}/copyright`;
  // Those of one compiler share the file of its base, which is among them.
  return existsSync(path.join(from, file)) ? oneFile(path.join(from, file), file) : [];
}
