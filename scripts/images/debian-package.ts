import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { rmSync } from 'node:fs';
import path from 'node:path';

export type LockedPackage = { version: string; sha256: string };

/**
 * The folder that holds the contents of a Debian package, from the cache or through apt. Its checksum
 * is that of the lock, or nothing is unpacked.
 */
export function unpackPackage(name: string, locked: LockedPackage, cacheDir: string): string {
  const folder = path.join(cacheDir, 'packages', `${name}-${locked.sha256.slice(0, 16)}`);
  if (existsSync(folder)) return folder;
  mkdirSync(path.dirname(folder), { recursive: true });
  const work = mkdtempSync(`${folder}.`);
  try {
    run(work, 'apt-get', ['download', '-qq', `${name}=${locked.version}`]);
    const file = path.join(work, readdirSync(work).find((found) => found.endsWith('.deb')) ?? '');
    const sha256 = createHash('sha256').update(readFileSync(file)).digest('hex');
    if (sha256 !== locked.sha256)
      throw new Error(`${name} ${locked.version} has the checksum ${sha256}, not ${locked.sha256}`);
    run(work, 'dpkg-deb', ['--extract', file, path.join(work, 'contents')]);
    renameSync(path.join(work, 'contents'), folder);
    return folder;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function run(cwd: string, program: string, args: readonly string[]): void {
  // apt gives up root for its download, and may then not write here; it says so, and downloads all the same.
  execFileSync(program, args, { cwd, stdio: ['ignore', 'ignore', 'pipe'] });
}
