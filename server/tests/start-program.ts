import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Config } from '../src/platform/index.ts';

export type Program = {
  readonly pid: number;
  /** What it wrote when it was ready. */
  readonly ready: { readonly port?: number };
  stop(): Promise<void>;
  /** As a crash ends it: at once, with whatever it had in hand. */
  kill(): Promise<void>;
};

/** The server's program, with all its commands. */
export const main = join(import.meta.dirname, '../src/app/main.ts');

/**
 * A program of the server as a process of its own, as an installation runs it. `hoursOff` moves its
 * clock: what must not depend on a process's clock is tried with one that is wrong.
 */
export async function startProgram(
  command: 'serve' | 'provision',
  config: Config,
  hoursOff = 0,
): Promise<Program> {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', `--import=${clockOff(hoursOff)}`, main, command],
    {
      env: { ...environmentOf(config), CASEMATE_LOG_LEVEL: 'info' },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const ready = await new Promise<Program['ready']>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`${command} ended with status ${String(code)}`)));
    createInterface(child.stdout).on('line', (line) => {
      const said = JSON.parse(line) as { message: string; port?: number };
      if (said.message === 'ready') resolve(said);
    });
  });
  const end = (signal: NodeJS.Signals) => async (): Promise<void> => {
    child.kill(signal);
    await ended;
  };
  return { pid: child.pid ?? 0, ready, stop: end('SIGTERM'), kill: end('SIGKILL') };
}

/** Settings that are lists or tables keep their defaults. */
export function environmentOf(config: Config): Record<string, string> {
  const entries: [string, string][] = [];
  for (const [name, value] of Object.entries(config))
    if (typeof value === 'string' || typeof value === 'number') entries.push([name, `${value}`]);
  return Object.fromEntries(entries);
}

function clockOff(hours: number): string {
  const code = `const off = ${hours * 3_600_000};
    const now = Date.now;
    const Real = Date;
    globalThis.Date = class extends Real {
      constructor(...given) { if (given.length === 0) super(now() + off); else super(...given); }
      static now() { return now() + off; }
    };`;
  return `data:text/javascript,${encodeURIComponent(code)}`;
}
