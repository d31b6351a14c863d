import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

type Run = {
  argv: readonly [string, ...string[]];
  env: Readonly<Record<string, string>>;
  /** PostgreSQL's fast shutdown is SIGINT. */
  stopSignal?: NodeJS.Signals;
};

export type Running = { child: ChildProcess; ended: Promise<number>; stop: () => void };

/** Starts the program of a container, hands the signals on, and knows how it ended. */
export function runChild({ argv, env, stopSignal = 'SIGTERM' }: Run): Running {
  const [file, ...args] = argv;
  const child = spawn(file, args, { env, cwd: '/', stdio: ['ignore', 'inherit', 'inherit'] });
  let stopping = false;
  const stop = (): void => {
    stopping = true;
    child.kill(stopSignal);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, stop);
  // Told to stop, it has; anything else is a fault, and the engine starts the container again.
  const ended = once(child, 'exit').then(([code]) =>
    stopping ? 0 : ((code as number | null) ?? 1),
  );
  child.on('error', (error) => {
    process.stderr.write(`${file}: ${error.message}\n`);
    process.exit(1);
  });
  return { child, ended, stop };
}
