import type { Database } from '../platform/index.ts';
import { touchKey } from './api-keys/repo.ts';
import { findSessionState, listLiveKeys, type SessionState } from './repo.ts';
import type { Rights } from './rights/rights.ts';
import { trustedKey, trustedSession } from './rights/trusted.ts';

export type SessionCache = {
  /** What the session is now, at most its lifetime late; nothing when it has ended. */
  get(sessionId: string): Promise<SessionState | undefined>;
  /** The same of an API key, by the HMAC under which it is kept. */
  getKey(hash: Buffer): Promise<SessionState | undefined>;
  forget(sessionId: string): void;
};

const MAX_SESSIONS = 20_000;

type Held = { state: Promise<SessionState | undefined>; expiresAt: number };

/** Spares a statement per request; a deactivation or a new role takes effect within `lifetimeMs`. */
export function createSessionCache(
  db: Pick<Database, 'readControl' | 'inControl'>,
  rights: Rights,
  { lifetimeMs, now = Date.now }: { lifetimeMs: number; now?: () => number },
): SessionCache {
  const held = new Map<string, Held>();
  const keep = (
    name: string,
    look: () => Promise<SessionState | undefined>,
  ): Promise<SessionState | undefined> => {
    const known = held.get(name);
    if (known && known.expiresAt > now()) return known.state;
    held.delete(name);
    const [oldest] = held.keys();
    if (held.size >= MAX_SESSIONS && oldest !== undefined) held.delete(oldest);
    const state = look();
    const entry = { state, expiresAt: now() + lifetimeMs };
    held.set(name, entry);
    state.catch(() => {
      if (held.get(name) === entry) held.delete(name);
    });
    return state;
  };
  return {
    get: (sessionId) =>
      keep(sessionId, async () =>
        trustedSession(rights, await db.readControl((tx) => findSessionState(tx, sessionId))),
      ),
    getKey: (hash) =>
      keep(`key ${hash.toString('hex')}`, async () => {
        const [row] = await db.readControl((tx) => listLiveKeys(tx, { hash }));
        const state = trustedKey(rights, row);
        if (row && state) await db.inControl((tx) => touchKey(tx, row.key.id));
        return state;
      }),
    forget: (sessionId) => void held.delete(sessionId),
  };
}
