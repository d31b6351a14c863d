import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { messageOf } from '../fault.ts';
import type { Owner } from '../host/write-file.ts';

export type ChildOptions = {
  argv: readonly [string, ...string[]];
  env: Readonly<Record<string, string>>;
  runAs: Owner | undefined;
  stopSignal: NodeJS.Signals;
};

export type Child = { ended: () => boolean; log: () => string; stop: () => Promise<void> };

/** How a part's process is started: as a child, or by the caller in a container. */
export type Launch = (options: ChildOptions) => Child | Promise<Child>;

/** A child that can't outlive this process. Keeps the end of what it printed, for error messages. */
export function startChild(options: ChildOptions): Child {
  const [file, ...args] = options.argv;
  let log = '';
  const child = spawn(file, args, {
    env: options.env,
    cwd: '/',
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(options.runAs ? { uid: options.runAs.uid, gid: options.runAs.gid } : {}),
  });
  const keep = (chunk: Buffer) => (log = (log + chunk.toString()).slice(-8000));
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const closed = once(child, 'close').catch((error: unknown) => (log += messageOf(error)));
  const ended = () => child.exitCode !== null || child.signalCode !== null || !child.pid;
  const kill = () => {
    if (!ended()) child.kill('SIGKILL');
  };
  process.once('exit', kill);
  return {
    ended,
    log: () => log,
    stop: async () => {
      process.removeListener('exit', kill);
      if (!ended()) child.kill(options.stopSignal);
      const late = setTimeout(kill, 10_000);
      await closed;
      clearTimeout(late);
    },
  };
}
