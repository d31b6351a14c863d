import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeReleaseKey } from '../src/bundle/signing.ts';
import { deriveBundle, type Derived } from '../src/bundle/testing/derive-bundle.ts';
import { makeRelease, unpackRelease } from '../src/bundle/testing/make-release.ts';
import { freePort } from '../src/host/free-port.ts';
import { runCommand, type Outcome } from './run-command.ts';

export type BundledInstance = Awaited<ReturnType<typeof bundledInstance>>;

/** A folder for an instance, which the accounts of its components can pass. */
export function makeInstanceDir(): string {
  const dir = mkdtempSync(path.join(tmpdir(), 'cmgrade-'));
  chmodSync(dir, 0o711);
  return dir;
}

/** A signed bundle of this checkout and the words that install it; nothing is installed yet. */
export async function bundledInstance(name: string, { dir, home }: Record<'dir' | 'home', string>) {
  const key = makeReleaseKey();
  const release = await makeRelease({ dir: path.join(dir, 'out'), key });
  const base = await unpackRelease(release, path.join(dir, 'base'));
  const place = ['--instance', `${name}-${process.pid}`, '--data-dir', home];
  const ports = ['--https-port', String(await freePort()), '--http-port', '0'];
  const installWords = [
    ...[path.join(base, 'install.sh'), '--yes', '--signer', release.fingerprint, '--json'],
    ...['--bind', '127.0.0.1', '--host-name', 'localhost', '--storage-encryption', 'without'],
    ...['--cache-dir', path.join(dir, 'cache'), ...ports, ...place],
  ];
  const command = path.join(home, 'bin/casemate');
  const settings = () =>
    JSON.parse(readFileSync(path.join(home, 'config/instance.json'), 'utf8')) as Settings;
  /** The command that the instance has at this moment. */
  const casemate = (...words: string[]): Promise<Outcome> =>
    runCommand([command, ...words, ...place, '--json']);
  return {
    key,
    base,
    fingerprint: release.fingerprint,
    installWords,
    casemate,
    settings,
    version: () => settings().server.version,
    phase: () => phaseIn(home),
    install: async () => {
      const { code, said } = await runCommand(installWords);
      if (code !== 0) throw new Error(said);
    },
    /** Another version of the bundle, signed by the same. */
    derive: (version: string, files: Derived['files']): Promise<string> => {
      const to = path.join(dir, `bundle-${version}`);
      return deriveBundle({ from: base, to, privatePem: key.privatePem, version, files });
    },
    /** Kills a command and what it started as soon as this holds. False where it ended before. */
    killedWhen: (words: readonly string[], holds: () => boolean) =>
      killWhen([command, ...words, ...place], holds),
    uninstall: async () => {
      if (existsSync(command)) await casemate('uninstall', '--purge', '--yes');
    },
  };
}

type Settings = {
  databasePort: number;
  server: { version: string };
  components: { postgresql: { executables: { psql: string } } };
};

/** Where an upgrade stands that has not ended. */
function phaseIn(home: string): string | undefined {
  try {
    const text = readFileSync(path.join(home, 'config/upgrade.json'), 'utf8');
    return (JSON.parse(text) as { phase: string }).phase;
  } catch {
    return undefined;
  }
}

async function killWhen(
  [program = '', ...words]: readonly string[],
  holds: () => boolean,
): Promise<boolean> {
  const child = spawn(program, words, { stdio: 'ignore', detached: true });
  const closed = once(child, 'close');
  let seen = false;
  while (child.exitCode === null && !seen) {
    await sleep(20);
    seen = holds();
  }
  if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
  await closed;
  return seen && child.signalCode === 'SIGKILL';
}
