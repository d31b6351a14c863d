import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { runProgram } from '../host/run-program.ts';

const line = ['--no-pager', '--output=cat'];

/** The last lines that a unit wrote; systemd keeps them, bounds them and takes them off in time. */
export async function lastJournalLines(unit: string, count: number): Promise<string[]> {
  const words = ['--unit', unit, '--lines', String(count), ...line];
  const { stdout } = await runProgram('journalctl', words, { timeoutMs: 20_000 });
  return count === 0 ? [] : stdout.split('\n').filter(Boolean);
}

/** All that a unit wrote since a moment. */
export async function journalSince(unit: string, since: Date): Promise<string> {
  const words = ['--unit', unit, '--since', `@${Math.floor(since.getTime() / 1000)}`, ...line];
  const { stdout } = await runProgram('journalctl', words, { timeoutMs: 60_000 });
  return stdout;
}

/** Calls back for each new line of each unit until the process ends. */
export function followJournal(
  units: readonly { id: string; unit: string }[],
  onLine: (id: string, line: string) => void,
): Promise<void> {
  const following = units.map(({ id, unit }) => {
    const words = ['--unit', unit, '--lines', '0', '--follow', ...line];
    const child = spawn('journalctl', words, { stdio: ['ignore', 'pipe', 'inherit'] });
    createInterface({ input: child.stdout }).on('line', (text) => onLine(id, text));
    return new Promise<void>((resolve) => child.on('close', () => resolve()));
  });
  return Promise.all(following).then(() => undefined);
}
