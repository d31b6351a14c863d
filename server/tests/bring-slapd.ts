import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

type Locked = Readonly<Record<string, { version: string; sha256: string }>>;
const LOCK = path.join(import.meta.dirname, 'slapd.lock.json');

/** Folders of an unpacked slapd; nothing of it is installed on the host. */
export type Slapd = { program: string; libraries: string; modules: string; schema: string };

/**
 * OpenLDAP's server out of Debian's packages, which need no root to be fetched and unpacked: from the cache,
 * keyed by the checksums in the lock, or through apt. Elsewhere it says what is missing.
 */
export function bringSlapd(): Slapd | { missing: string } {
  const locked = JSON.parse(readFileSync(LOCK, 'utf8')) as Locked;
  const id = createHash('sha256').update(JSON.stringify(locked)).digest('hex').slice(0, 16);
  const home = path.join(homedir(), '.cache/casemate/components', `slapd-${id}`);
  try {
    if (!existsSync(home)) unpack(locked, home);
    const slapd = foldersOf(home);
    run(slapd.program, ['-VV'], { LD_LIBRARY_PATH: slapd.libraries });
    return slapd;
  } catch (error) {
    return { missing: `slapd could not be brought: ${(error as Error).message.slice(0, 300)}` };
  }
}

function foldersOf(home: string): Slapd {
  const [found = ''] = readdirSync(path.join(home, 'usr/lib')).filter((one) =>
    one.includes('-linux-'),
  );
  return {
    program: path.join(home, 'usr/sbin/slapd'),
    libraries: path.join(home, 'usr/lib', found),
    modules: path.join(home, 'usr/lib/ldap'),
    schema: path.join(home, 'etc/ldap/schema'),
  };
}

function unpack(locked: Locked, home: string): void {
  mkdirSync(path.dirname(home), { recursive: true });
  const work = mkdtempSync(`${home}.`);
  try {
    const names = Object.entries(locked).map(([name, { version }]) => `${name}=${version}`);
    download(work, names);
    const wanted = new Set(Object.values(locked).map(({ sha256 }) => sha256));
    const files = readdirSync(work).filter((file) => file.endsWith('.deb'));
    const tree = path.join(work, 'tree');
    for (const file of files) {
      const sha256 = createHash('sha256')
        .update(readFileSync(path.join(work, file)))
        .digest('hex');
      if (!wanted.delete(sha256)) throw new Error(`${file} has a checksum that is not in the lock`);
      run('dpkg-deb', ['--extract', path.join(work, file), tree]);
    }
    if (wanted.size > 0) throw new Error('a package of the lock was not fetched');
    renameSync(tree, home);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** The lists of packages may be old, or may never have been fetched. */
function download(work: string, names: readonly string[]): void {
  const fetch = (): void => run('apt-get', ['download', '-qq', ...names], {}, work);
  try {
    fetch();
  } catch {
    run('apt-get', ['update', '-qq']);
    fetch();
  }
}

function run(program: string, args: readonly string[], env = {}, cwd?: string): void {
  execFileSync(program, args, {
    ...(cwd === undefined ? {} : { cwd }),
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: 120_000,
  });
}
