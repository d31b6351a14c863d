import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Report } from './types.ts';

export type CommandOptions = {
  cwd?: string;
  /** Replaces this process's environment. */
  env?: NodeJS.ProcessEnv | undefined;
  /** Variables on top of it. */
  set?: Record<string, string>;
  signal?: AbortSignal | undefined;
  onLine?: (line: string) => void;
  /** Says every ten seconds that a silent command still works. */
  heartbeat?: { report: Report; text: string };
};

/** The host has no such program: what the caller wants instead is for the caller to say. */
export class CommandMissing extends Error {}

/** Runs a command without a shell and gives its stdout; a failure quotes the end of what it said. */
export async function runCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<string> {
  options.signal?.throwIfAborted();
  const stopBeat = startHeartbeat(options.heartbeat);
  try {
    const { code, output, said } = await finish(command, args, options);
    options.signal?.throwIfAborted();
    if (code === 0) return output.join('\n');
    if (code === 127) throw new CommandMissing(`${command} is not on this host`);
    const end = [...output, ...said].slice(-8).join('\n');
    throw new Error(`${command} ${args.join(' ')} ended with ${code ?? 'a signal'}:\n${end}`);
  } finally {
    stopBeat();
  }
}

type Ended = { code: number | null; output: string[]; said: string[] };

function finish(
  command: string,
  args: readonly string[],
  { cwd, env, set, signal, onLine }: CommandOptions,
): Promise<Ended> {
  // env(1) adds variables without reading the environment here, and answers 127 for no command.
  const variables = Object.entries({ LC_ALL: 'C', ...set }).map((pair) => pair.join('='));
  return new Promise((resolve, reject) => {
    const output: string[] = [];
    const said: string[] = [];
    // A group of its own, so that a compiler's children end with it when we are told to stop.
    const child = spawn('/usr/bin/env', [...variables, command, ...args], {
      ...(cwd && { cwd }),
      ...(env && { env }),
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    const stop = () => {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
    };
    signal?.addEventListener('abort', stop);
    createInterface({ input: child.stdout }).on('line', (line) => output.push(line));
    createInterface({ input: child.stderr }).on('line', (line) => {
      said.push(line);
      onLine?.(line);
    });
    child.on('error', reject);
    child.on('close', (code) => {
      signal?.removeEventListener('abort', stop);
      resolve({ code, output, said });
    });
  });
}

function startHeartbeat(beat: CommandOptions['heartbeat']): () => void {
  if (!beat) return () => undefined;
  const started = Date.now();
  const timer = setInterval(() => {
    const done = Math.round((Date.now() - started) / 1000);
    beat.report({ kind: 'progress', text: beat.text, done, unit: 's' });
  }, 10_000);
  return () => {
    clearInterval(timer);
  };
}
