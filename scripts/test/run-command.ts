import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';

export type Run = {
  command: readonly string[];
  log: string;
  minutes: number;
  env: NodeJS.ProcessEnv;
};

/**
 * Runs a program without a shell or input, its output in a log file. Gives the exit code; 124 when
 * it was stopped at its limit. It gets a process group of its own, so that nothing outlives it.
 */
export async function runCommand({ command, log, minutes, env }: Run): Promise<number> {
  const [program = '', ...args] = command;
  const file = createWriteStream(log, { flags: 'a' });
  const child = spawn(program === 'node' ? process.execPath : program, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    env,
  });
  child.stdout.pipe(file, { end: false });
  child.stderr.pipe(file, { end: false });
  const stop = (): void => {
    if (child.pid !== undefined) stopGroup(child.pid);
  };
  const late = new AbortController();
  const timer = setTimeout(() => {
    late.abort();
    stop();
  }, minutes * 60_000);
  process.once('exit', stop);
  const code = await new Promise<number>((resolve) => {
    child.once('error', (error) => {
      file.write(`${program}: ${error.message}\n`);
      resolve(127);
    });
    child.once('close', (exit) => resolve(exit ?? 1));
  });
  clearTimeout(timer);
  process.off('exit', stop);
  file.end();
  await finished(file);
  return late.signal.aborted ? 124 : code;
}

function stopGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGTERM');
    setTimeout(() => killGroup(pid), 10_000).unref();
  } catch {
    // It has ended by itself.
  }
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
