import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { freePort } from '../src/host/free-port.ts';

const main = path.resolve(import.meta.dirname, '../src/main.ts');

export type Outcome = { code: number | null; answer: unknown; said: string };
export type Installation = Awaited<ReturnType<typeof newInstallation>>;

/** An instance with a directory, ports and a name of its own; nothing is installed yet. */
export async function newInstallation(name: string) {
  const dir = mkdtempSync(path.join(tmpdir(), 'cmi-'));
  // The components of root run as other accounts, which must be able to pass.
  chmodSync(dir, 0o711);
  const place = ['--instance', `${name}-${process.pid}`, '--data-dir', path.join(dir, 'home')];
  const ports = ['--https-port', String(await freePort()), '--http-port', '0'];
  const address = ['--bind', '127.0.0.1', '--host-name', 'localhost'];
  const casemate = (words: readonly string[]) => run([...words, ...place, '--json']);
  return {
    dir,
    home: path.join(dir, 'home'),
    casemate,
    install: () => casemate(['install', '--yes', ...ports, ...address]),
    /** Kills the installer a moment after `steps` steps have ended. True if it was not done before. */
    installKilledAfter: (steps: number, delayMs: number) =>
      killAfter(['install', '--yes', ...ports, ...address, ...place], { steps, delayMs }),
  };
}

function start(args: readonly string[]) {
  const words = ['--disable-warning=ExperimentalWarning', main, ...args];
  return spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'pipe'] });
}

async function run(args: readonly string[]): Promise<Outcome> {
  const child = start(args);
  const closed = once(child, 'close');
  const [output, said] = await Promise.all([text(child.stdout), text(child.stderr), closed]);
  const answer: unknown = output.trim() === '' ? null : JSON.parse(output);
  return { code: child.exitCode, answer, said };
}

type Kill = { steps: number; delayMs: number };

async function killAfter(args: readonly string[], { steps, delayMs }: Kill): Promise<boolean> {
  const child = start(args);
  child.stdout.resume();
  const closed = once(child, 'close');
  let ended = 0;
  createInterface({ input: child.stderr }).on('line', (line) => {
    if (!/^ {2}[✓=] /.test(line)) return;
    ended += 1;
    if (ended === steps) setTimeout(() => child.kill('SIGKILL'), delayMs);
  });
  await closed;
  return child.signalCode === 'SIGKILL';
}
