import { setTimeout as sleep } from 'node:timers/promises';

/** How long the tests' servers believe what they know of a session; people's servers two seconds. */
export const SESSION_CACHE_MS = 400;

/** Waits until every server has looked at each session and key again. */
export const soon = (): Promise<void> => sleep(SESSION_CACHE_MS + 200);
