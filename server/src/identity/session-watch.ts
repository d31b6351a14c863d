import { AppError, type Database, type Log } from '../platform/index.ts';
import { listLiveKeys, listSessionStates, type SessionState } from './repo.ts';
import type { Rights } from './rights/rights.ts';
import { trustedKey, trustedSession } from './rights/trusted.ts';

/** What let a request in: a person's session, or an API key. */
export type Credential = { readonly kind: 'session' | 'api_key'; readonly id: string };

/** Told what the credential is now, again and again; nothing when it has ended. */
type Look = (state: SessionState | undefined) => void;

export type SessionWatch = {
  /**
   * Looks at a credential every `everyMs` until the returned function is called. `lost` is told once
   * when for 30 s nobody could look.
   */
  watch(credential: Credential, look: Look, lost: (error: AppError) => void): () => void;
};

type Watcher = {
  credential: Credential;
  look: Look;
  lost: (error: AppError) => void;
  seenAt: number;
};
type Options = {
  db: Pick<Database, 'readControl'>;
  rights: Rights;
  log: Log;
  everyMs: number;
  lostMs?: number;
};

/** As long as the breaker before the database stays open. */
const LOST_MS = 30_000;

/**
 * For requests that last: what let them in is looked at again. One statement for all of a process,
 * however many they are, and none while there is nothing to watch.
 */
export function createSessionWatch(options: Options): SessionWatch {
  const { db, rights, log, everyMs, lostMs = LOST_MS } = options;
  const watchers = new Set<Watcher>();
  let timer: NodeJS.Timeout | undefined;
  let looking = false;

  /** One statement for each kind of credential that there is. */
  const statesOf = async (
    credentials: readonly Credential[],
  ): Promise<Map<string, SessionState | undefined>> => {
    const idsOf = (wanted: Credential['kind']): string[] => [
      ...new Set(credentials.flatMap(({ kind, id }) => (kind === wanted ? [id] : []))),
    ];
    const [sessions, keys] = [idsOf('session'), idsOf('api_key')];
    const rows =
      sessions.length > 0 ? await db.readControl((tx) => listSessionStates(tx, sessions)) : [];
    const keyRows =
      keys.length > 0 ? await db.readControl((tx) => listLiveKeys(tx, { ids: keys })) : [];
    return new Map([
      ...rows.map((row) => [row.sessionId, trustedSession(rights, row)] as const),
      ...keyRows.map((row) => [row.key.id, trustedKey(rights, row)] as const),
    ]);
  };
  const lookAtAll = async (): Promise<void> => {
    const asked = [...watchers];
    const at = performance.now();
    try {
      const found = await statesOf(asked.map(({ credential }) => credential));
      for (const watcher of asked) {
        watcher.seenAt = at;
        if (watchers.has(watcher)) watcher.look(found.get(watcher.credential.id));
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
    watch: (credential, look, lost) => {
      const watcher = { credential, look, lost, seenAt: performance.now() };
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
