import { AppError, type Database, type Log } from '../platform/index.ts';
import { listSessionStates, type SessionState } from './repo.ts';
import type { Rights } from './rights/rights.ts';
import { trustedSession } from './rights/trusted.ts';

/** Told what the session is now, again and again; nothing when it has ended. */
type Look = (state: SessionState | undefined) => void;

export type SessionWatch = {
  /**
   * Looks at a session every two seconds until the returned function is called. `lost` is told once
   * when for 30 s nobody could look.
   */
  watch(sessionId: string, look: Look, lost: (error: AppError) => void): () => void;
};

type Watcher = { sessionId: string; look: Look; lost: (error: AppError) => void; seenAt: number };
type Options = {
  db: Pick<Database, 'readControl'>;
  rights: Rights;
  log: Log;
  everyMs?: number;
  lostMs?: number;
};

const EVERY_MS = 2_000;
/** As long as the breaker before the database stays open. */
const LOST_MS = 30_000;

/**
 * For requests that last: what let them in is looked at again. One statement for all of a process,
 * however many they are, and none while there is nothing to watch.
 */
export function createSessionWatch(options: Options): SessionWatch {
  const { db, rights, log, everyMs = EVERY_MS, lostMs = LOST_MS } = options;
  const watchers = new Set<Watcher>();
  let timer: NodeJS.Timeout | undefined;
  let looking = false;

  const lookAtAll = async (): Promise<void> => {
    const asked = [...watchers];
    const ids = [...new Set(asked.map(({ sessionId }) => sessionId))];
    const at = performance.now();
    try {
      const states = await db.readControl((tx) => listSessionStates(tx, ids));
      const found = new Map(states.map((state) => [state.sessionId, state]));
      for (const watcher of asked) {
        watcher.seenAt = at;
        if (watchers.has(watcher))
          watcher.look(trustedSession(rights, found.get(watcher.sessionId)));
      }
    } catch (error) {
      log.warn('open requests could not be looked at again', { error, count: asked.length });
      for (const watcher of asked)
        if (watchers.has(watcher) && at - watcher.seenAt > lostMs) {
          watchers.delete(watcher);
          watcher.lost(unknown(error));
        }
    }
  };
  const tick = (): void => {
    if (looking) return;
    looking = true;
    void lookAtAll().finally(() => (looking = false));
  };
  return {
    watch: (sessionId, look, lost) => {
      const watcher = { sessionId, look, lost, seenAt: performance.now() };
      watchers.add(watcher);
      timer ??= setInterval(tick, everyMs).unref();
      return () => {
        watchers.delete(watcher);
        if (watchers.size > 0) return;
        clearInterval(timer);
        timer = undefined;
      };
    },
  };
}

function unknown(cause: unknown): AppError {
  return new AppError('unavailable', 'Nobody can tell whether you are still signed in; try again', {
    cause,
    retryAfterSeconds: 5,
  });
}
