import { fork } from 'node:child_process';

export type HashQuestion = { password: string; hash?: string };
export type HashAnswer = { hash?: string; matches?: boolean };

export type HashChild = {
  /** One question at a time. Rejects when the process ends before it answered. */
  ask(question: HashQuestion): Promise<HashAnswer>;
  readonly alive: () => boolean;
  kill(): void;
};

type Waiting = { resolve: (answer: HashAnswer) => void; reject: (error: Error) => void };

/** Starts the hashing process (see hash-worker.ts); its death is an answer, never an exception. */
export function startHashChild(entry: string): HashChild {
  let waiting: Waiting | undefined;
  let alive = true;
  const child = fork(entry, [], {
    env: {},
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const lose = (cause: unknown): void => {
    alive = false;
    waiting?.reject(new Error('the hashing process ended', { cause }));
    waiting = undefined;
  };
  child.on('message', (answer: HashAnswer) => {
    waiting?.resolve(answer);
    waiting = undefined;
  });
  child.on('error', lose);
  child.on('disconnect', lose);
  child.on('exit', lose);
  child.unref();
  child.channel?.unref();
  return {
    alive: () => alive && child.connected,
    ask: (question) =>
      new Promise((resolve, reject) => {
        waiting = { resolve, reject };
        child.send(question, (error) => {
          if (error) lose(error);
        });
      }),
    kill: () => {
      alive = false;
      child.kill('SIGKILL');
    },
  };
}
