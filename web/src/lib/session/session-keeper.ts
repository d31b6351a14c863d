import { ApiProblem, toProblem } from '../api/api-problem.ts';
import type { Session } from '../api/types.ts';

export type SessionState =
  | { status: 'starting' }
  | { status: 'unreachable'; problem: ApiProblem }
  | { status: 'signed-out'; expired: boolean }
  | { status: 'signed-in'; session: Session };

export interface SessionParts {
  /** Asks for a new access token with the cookie: 200 with a session, or 401. */
  requestRefresh: () => Promise<Response>;
  /** Runs one at a time over all tabs of this browser (Web Locks). */
  exclusively: <T>(run: () => Promise<T>) => Promise<T>;
  /** Remembers, over reloads, whether asking for a refresh is worth it. Never holds a token. */
  hint: { read: () => string | null; write: (accountId: string | null) => void };
}

export interface SessionKeeper {
  state: () => SessionState;
  subscribe: (listener: () => void) => () => void;
  token: () => string | null;
  accept: (session: Session) => void;
  /** Takes a fresh account and memberships (GET /api/me) into the running session. */
  amend: (changes: Pick<Session, 'account' | 'tenants' | 'secondFactor'>) => void;
  forget: (reason: { expired: boolean }) => void;
  start: () => Promise<void>;
  /** Replaces `staleToken`; resolves false when the session is over, throws when nobody answered. */
  refresh: (staleToken: string | null) => Promise<boolean>;
}

/**
 * Holds the session in memory only. The refresh cookie turns at every use and its reuse ends the
 * session, so refreshes run one at a time over all tabs, and once for any number of waiting calls.
 */
export function createSessionKeeper(parts: SessionParts): SessionKeeper {
  let state: SessionState = { status: 'starting' };
  let refreshing: Promise<boolean> | null = null;
  const listeners = new Set<() => void>();

  const set = (next: SessionState): void => {
    state = next;
    for (const listener of listeners) listener();
  };
  const token = (): string | null =>
    state.status === 'signed-in' ? state.session.accessToken : null;
  const accept = (session: Session): void => {
    parts.hint.write(session.account.id);
    set({ status: 'signed-in', session });
  };
  const amend: SessionKeeper['amend'] = (changes) => {
    if (state.status !== 'signed-in') return;
    set({ status: 'signed-in', session: { ...state.session, ...changes } });
  };
  const forget = ({ expired }: { expired: boolean }): void => {
    parts.hint.write(null);
    set({ status: 'signed-out', expired });
  };

  const refreshNow = async (): Promise<boolean> => {
    const response = await parts.requestRefresh();
    if (response.ok) {
      accept((await response.json()) as Session);
      return true;
    }
    if (response.status !== 401) throw await ApiProblem.read(response);
    forget({ expired: true });
    return false;
  };

  const refresh = (staleToken: string | null): Promise<boolean> => {
    // Another call of this tab has renewed the token since the caller read it.
    if (token() !== staleToken) return Promise.resolve(token() !== null);
    refreshing ??= parts.exclusively(refreshNow).finally(() => {
      refreshing = null;
    });
    return refreshing;
  };

  const start = async (): Promise<void> => {
    if (parts.hint.read() === null) {
      set({ status: 'signed-out', expired: false });
      return;
    }
    set({ status: 'starting' });
    await refresh(null).catch((error: unknown) => {
      set({ status: 'unreachable', problem: toProblem(error) });
    });
  };

  return {
    state: () => state,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    token,
    accept,
    amend,
    forget,
    start,
    refresh,
  };
}
