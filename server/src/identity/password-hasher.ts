import { AppError } from '../platform/index.ts';
import {
  startHashChild,
  type HashAnswer,
  type HashChild,
  type HashQuestion,
} from './hash-child.ts';

export type PasswordHasher = {
  hash(password: string): Promise<string>;
  /** Takes as long for `null` (no such account), and for an account without a password, as for a hash. */
  matches(password: string, hash: string | null): Promise<boolean>;
  stop(): void;
};

type Limits = { deadlineMs?: number; maxWaiting?: number };
type Waiting = {
  question: HashQuestion;
  resolve: (answer: HashAnswer) => void;
  reject: (error: Error) => void;
  expired: boolean;
};

/** A bcrypt hash of cost 12 that no password is known for. */
const NOBODY = '$2b$12$BxWytaQgDrITUdUdFw/tV.REd6eQypmmpD7oX1TkZi1aWqqDlyEBS';
/** A process can die of something else than the question; a second death is the question's. */
const TRIES = 2;

/**
 * One hashing process, started when it is needed and gone when it is idle. The bounded queue lives
 * here and the process gets one question at a time, so that one whose asker has gone costs nothing.
 */
export function createPasswordHasher(
  entry: string,
  { deadlineMs = 30_000, maxWaiting = 100 }: Limits = {},
): PasswordHasher {
  const queue: Waiting[] = [];
  let child: HashChild | undefined;
  let busyWith: Waiting | undefined;

  const answer = async (waiting: Waiting): Promise<HashAnswer> => {
    for (let tries = 1; ; tries += 1) {
      if (!child?.alive()) child = startHashChild(entry);
      const hung = setTimeout(() => child?.kill(), deadlineMs);
      try {
        return await child.ask(waiting.question);
      } catch (cause) {
        if (tries === TRIES || waiting.expired) throw busy(cause);
      } finally {
        clearTimeout(hung);
      }
    }
  };
  const next = (): void => {
    if (busyWith) return;
    busyWith = queue.shift();
    if (!busyWith) return;
    void answer(busyWith)
      .then(busyWith.resolve, busyWith.reject)
      .finally(() => {
        busyWith = undefined;
        next();
      });
  };
  const expire = (waiting: Waiting): void => {
    waiting.expired = true;
    waiting.reject(busy());
    const place = queue.indexOf(waiting);
    if (place >= 0) queue.splice(place, 1);
  };
  const ask = async (question: HashQuestion): Promise<HashAnswer> => {
    if (queue.length + (busyWith ? 1 : 0) >= maxWaiting) throw busy();
    let deadline: NodeJS.Timeout | undefined;
    try {
      return await new Promise<HashAnswer>((resolve, reject) => {
        const waiting: Waiting = { question, resolve, reject, expired: false };
        deadline = setTimeout(() => expire(waiting), deadlineMs);
        queue.push(waiting);
        next();
      });
    } finally {
      clearTimeout(deadline);
    }
  };
  return {
    hash: async (password) => String((await ask({ password })).hash),
    matches: async (password, hash) => {
      const known = hash !== null && isBcrypt(hash);
      const { matches } = await ask({ password, hash: known ? hash : NOBODY });
      return matches === true && known;
    },
    stop: () => {
      for (const waiting of [...queue]) expire(waiting);
      if (busyWith) busyWith.expired = true;
      child?.kill();
    },
  };
}

/** An account that nobody signs in to with a password holds what is none. */
function isBcrypt(hash: string): boolean {
  return /^\$2[aby]\$\d\d\$[./\w]{53}$/.test(hash);
}

function busy(cause?: unknown): AppError {
  return new AppError('unavailable', 'Many people are signing in; try again in a moment', {
    cause,
    retryAfterSeconds: 5,
  });
}
