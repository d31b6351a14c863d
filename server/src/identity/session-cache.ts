import type { Database } from '../platform/index.ts';
import { findSessionState, type SessionState } from './repo.ts';
import type { Rights } from './rights/rights.ts';
import { trustedSession } from './rights/trusted.ts';

export type SessionCache = {
  /** What the session is now, at most two seconds late; nothing when it has ended. */
  get(sessionId: string): Promise<SessionState | undefined>;
  forget(sessionId: string): void;
};

const TTL_MS = 2_000;
const MAX_SESSIONS = 20_000;

type Held = { state: Promise<SessionState | undefined>; expiresAt: number };

/** Spares a statement per request; a deactivation or a new role takes effect within the two seconds. */
export function createSessionCache(
  db: Pick<Database, 'readControl'>,
  rights: Rights,
  now: () => number = Date.now,
): SessionCache {
  const held = new Map<string, Held>();
  return {
    get: (sessionId) => {
      const known = held.get(sessionId);
      if (known && known.expiresAt > now()) return known.state;
      held.delete(sessionId);
      const [oldest] = held.keys();
      if (held.size >= MAX_SESSIONS && oldest !== undefined) held.delete(oldest);
      const state = db
        .readControl((tx) => findSessionState(tx, sessionId))
        .then((row) => trustedSession(rights, row));
      const entry = { state, expiresAt: now() + TTL_MS };
      held.set(sessionId, entry);
      state.catch(() => {
        if (held.get(sessionId) === entry) held.delete(sessionId);
      });
      return state;
    },
    forget: (sessionId) => void held.delete(sessionId),
  };
}
