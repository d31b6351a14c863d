import { useSyncExternalStore } from 'react';
import type { Session } from '../api/types.ts';
import { keeper } from './session.ts';
import type { SessionState } from './session-keeper.ts';

export function useSessionState(): SessionState {
  return useSyncExternalStore(keeper.subscribe, keeper.state);
}

/** The session of a page that stands behind the sign-in guard. */
export function useSession(): Session {
  const state = useSessionState();
  if (state.status !== 'signed-in') throw new Error('This page stands behind the sign-in guard.');
  return state.session;
}
