import { spawn } from 'node:child_process';
import type { Owner } from './write-file.ts';

export type ProgramOptions = {
  /** Whole environment of the program; the default holds PATH and a locale, nothing else. */
  env?: Readonly<Record<string, string>>;
  /** Takes over the environment of the caller, for tools of the person who installs (npm). */
  inherit?: boolean;
  /** Written to its standard input: the only way a secret reaches a program. */
  input?: string;
  cwd?: string;
  runAs?: Owner | undefined;
  timeoutMs?: number;
  onLine?: (line: string) => void;
};

export type ProgramResult = { code: number | null; stdout: string; stderr: string };

export const plainEnv = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  LC_ALL: 'C',
};

/** Runs a program to its end and collects what it printed. Rejects only if it can't be started. */
export function runProgram(
  file: string,
  args: readonly string[],
  options: ProgramOptions = {},
): Promise<ProgramResult> {
  return new Promise((resolve, reject) => {
    const [program, ...words] = command(file, args, options);
    const child = spawn(program, words, {
      ...(options.inherit ? {} : { env: options.env ?? plainEnv }),
      stdio: ['pipe', 'pipe', 'pipe'],
      cwd: options.cwd ?? '/',
      ...(options.runAs ?? {}),
    });
    // Not Node's own option: its timer outlives a program that could not be started, and holds this one.
    const kill = (): boolean => child.kill('SIGKILL');
    const late = options.timeoutMs ? setTimeout(kill, options.timeoutMs) : undefined;
    const output = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].setEncoding('utf8').on('data', (text: string) => {
        output[stream] += text;
        if (options.onLine) text.split('\n').filter(Boolean).forEach(options.onLine);
      });
    }
    child.on('error', (error) => {
      clearTimeout(late);
      reject(error);
    });
    child.on('exit', () => clearTimeout(late));
    child.on('close', (code) => resolve({ code, ...output }));
    // A program that exits without reading its input must not take the installer down.
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input ?? '');
  });
}

/** env(1) adds variables to the inherited ones, so that nothing here needs to read them. */
function command(
  file: string,
  args: readonly string[],
  { inherit, env = {} }: ProgramOptions,
): [string, ...string[]] {
  if (!inherit) return [file, ...args];
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  return ['/usr/bin/env', ...variables, file, ...args];
}
