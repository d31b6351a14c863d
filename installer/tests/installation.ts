import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { freePort } from '../src/host/free-port.ts';
import { runCommand } from './run-command.ts';

const main = path.resolve(import.meta.dirname, '../src/main.ts');
const command = ['--disable-warning=ExperimentalWarning', main];

export type Installation = Awaited<ReturnType<typeof newInstallation>>;

/** An instance with a directory, ports and a name of its own; nothing is installed yet. */
export async function newInstallation(name: string) {
  const dir = mkdtempSync(path.join(tmpdir(), 'cmi-'));
  // The components of root run as other accounts, which must be able to pass.
  chmodSync(dir, 0o711);
  const place = ['--instance', `${name}-${process.pid}`, '--data-dir', path.join(dir, 'home')];
  const ports = ['--https-port', String(await freePort()), '--http-port', '0'];
  const address = ['--bind', '127.0.0.1', '--host-name', 'localhost'];
  const casemate = (words: readonly string[]) =>
    runCommand([process.execPath, ...command, ...words, ...place, '--json']);
  return {
    dir,
    home: path.join(dir, 'home'),
    casemate,
    install: () => casemate(['install', '--yes', ...ports, ...address]),
    installUnasked: () => casemate(['install', ...ports, ...address]),
    /** Kills the installer a moment after `steps` steps have ended. True if it was not done before. */
    installKilledAfter: (steps: number, delayMs: number) =>
      killAfter(['install', '--yes', ...ports, ...address, ...place], { steps, delayMs }),
  };
}

type Kill = { steps: number; delayMs: number };

async function killAfter(args: readonly string[], { steps, delayMs }: Kill): Promise<boolean> {
  const child = spawn(process.execPath, [...command, ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
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
