import { setTimeout as pause } from 'node:timers/promises';
import { AppError, VaultError, type Log } from '../platform/index.ts';

type Start<T> = {
  log: Log;
  /** For the log. */
  what: string;
  /** Safe to repeat. */
  work: () => Promise<T>;
  patienceMs?: number;
  pauseMs?: number;
};

const PATIENCE_MS = 60_000;
const PAUSE_MS = 1_000;

/**
 * Does what must be done before a program is ready, again and again while a part that it needs comes
 * up: after a restart of the host they all start at once. Throws the last error after a minute, and
 * the supervisor starts the program anew. What is not a part's fault is thrown at once.
 */
export async function untilDone<T>(start: Start<T>): Promise<T> {
  const { log, what, work, patienceMs = PATIENCE_MS, pauseMs = PAUSE_MS } = start;
  const until = performance.now() + patienceMs;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isOfPart(error) || performance.now() + pauseMs > until) throw error;
      log.warn('not ready yet; trying again', { what, error });
      await pause(pauseMs);
    }
  }
}

/** A part that starts may refuse what it will answer in a moment. */
function isOfPart(error: unknown): boolean {
  return error instanceof VaultError || (error instanceof AppError && error.code === 'unavailable');
}
