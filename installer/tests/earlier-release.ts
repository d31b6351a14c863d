import { execFileSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { checkoutDir, type Release } from '../src/bundle/testing/make-release.ts';
import { defaultCacheDir } from '../src/components/index.ts';
import type { KeyPair } from '../src/bundle/signing.ts';
import { runCommand } from './run-command.ts';

type Recorded = { commit: string; lastMigrations: { control: string; tenant: string } };

/** The earlier version that upgrades are tested from: a state of this repository that was in use. */
export const recorded = JSON.parse(
  readFileSync(path.join(import.meta.dirname, 'recorded', 'earlier-version.json'), 'utf8'),
) as Recorded;

/**
 * Its bundle, made by its own command from its own sources. The packages are those that are here: it
 * needs no others.
 */
export async function makeEarlierRelease(dir: string, key: KeyPair): Promise<Release> {
  const sources = path.join(dir, 'sources');
  const git = (...words: string[]) => execFileSync('git', words, { stdio: 'pipe' });
  const safe = ['-c', `safe.directory=${checkoutDir}`, '-c', `safe.directory=${checkoutDir}/.git`];
  git(...safe, 'clone', '--quiet', '--shared', '--no-checkout', checkoutDir, sources);
  git('-C', sources, 'checkout', '--quiet', '--detach', recorded.commit);
  for (const place of ['node_modules', 'server/node_modules', 'web/node_modules'])
    linkPackages(path.join(checkoutDir, place), path.join(sources, place));
  const keyFile = path.join(dir, 'release.key');
  writeFileSync(keyFile, key.privatePem, { mode: 0o600 });
  const out = path.join(dir, 'out');
  const command = path.join(sources, 'installer', 'bin', 'casemate');
  const words = ['bundle', 'create', '--key', keyFile, '--out', out, '--json'];
  const { code, answer, said } = await runCommand([
    ...[command, ...words, '--cache-dir', defaultCacheDir({})],
  ]);
  if (code !== 0) throw new Error(`the earlier version made no bundle: ${said}`);
  const made = answer as Pick<Release, 'name' | 'fingerprint' | 'bytes' | 'seconds'> & {
    files: string[];
  };
  return {
    ...made,
    dir: out,
    archive: path.join(out, made.files[0] ?? ''),
    manifest: readFileSync(path.join(out, `${made.name}.manifest.json`), 'utf8'),
  };
}

/** Links to each package; those of the workspaces lead into the sources beside them, as npm has it. */
function linkPackages(from: string, to: string): void {
  if (!existsSync(from)) return;
  mkdirSync(to);
  for (const name of readdirSync(from)) {
    const source = path.join(from, name);
    const own = lstatSync(source).isSymbolicLink();
    symlinkSync(own ? readlinkSync(source) : source, path.join(to, name));
  }
}
