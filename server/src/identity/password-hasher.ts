import { fork, type ChildProcess } from 'node:child_process';
import { AppError } from '../platform/index.ts';

export type PasswordHasher = {
  hash(password: string): Promise<string>;
  /** Takes as long for `null` (no such account) as for a real hash. */
  matches(password: string, hash: string | null): Promise<boolean>;
  stop(): void;
};

type Answer = { id: number; hash?: string; matches?: boolean };
type Waiting = { resolve: (answer: Answer) => void; reject: (error: Error) => void };

const MAX_WAITING = 100;
const DEADLINE_MS = 30_000;
/** A bcrypt hash of cost 12 that no password is known for. */
const NOBODY = '$2b$12$BxWytaQgDrITUdUdFw/tV.REd6eQypmmpD7oX1TkZi1aWqqDlyEBS';

/** One hashing process with a bounded queue, started when it is needed and gone when it is idle. */
export function createPasswordHasher(entry: string): PasswordHasher {
  const waiting = new Map<number, Waiting>();
  let child: ChildProcess | undefined;
  let lastId = 0;

  const started = (): ChildProcess => {
    if (child?.connected) return child;
    const made = fork(entry, [], {
      env: {},
      execArgv: [],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    made.on('message', (answer: Answer) => {
      waiting.get(answer.id)?.resolve(answer);
      waiting.delete(answer.id);
    });
    made.on('exit', () => {
      if (child === made) child = undefined;
      for (const { reject } of waiting.values()) reject(busy());
      waiting.clear();
    });
    made.unref();
    made.channel?.unref();
    child = made;
    return made;
  };
  const ask = async (question: { password: string; hash?: string }): Promise<Answer> => {
    if (waiting.size >= MAX_WAITING) throw busy();
    const id = ++lastId;
    let deadline: NodeJS.Timeout | undefined;
    try {
      return await new Promise<Answer>((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        deadline = setTimeout(() => reject(busy()), DEADLINE_MS);
        started().send({ id, ...question });
      });
    } finally {
      clearTimeout(deadline);
      waiting.delete(id);
    }
  };
  return {
    hash: async (password) => String((await ask({ password })).hash),
    matches: async (password, hash) => {
      const { matches } = await ask({ password, hash: hash ?? NOBODY });
      return matches === true && hash !== null;
    },
    stop: () => child?.kill(),
  };
}

function busy(): AppError {
  return new AppError('unavailable', 'Many people are signing in; try again in a moment', {
    retryAfterSeconds: 5,
  });
}
