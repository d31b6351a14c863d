import { spawn, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

export type Outcome = { code: number | null; answer: unknown; said: string };

/** Runs a program that prints JSON or nothing; gives what it printed, and what it said meanwhile. */
export async function runCommand(
  [program = '', ...words]: readonly string[],
  options: SpawnOptions = {},
): Promise<Outcome> {
  const child = spawn(program, words, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  const closed = once(child, 'close');
  const [output, said] = await Promise.all([text(child.stdout), text(child.stderr), closed]);
  const answer: unknown = output.trim() === '' ? null : JSON.parse(output.trim());
  return { code: child.exitCode, answer, said };
}
