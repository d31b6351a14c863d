import { noDeadline, type Deadline } from './deadline.ts';

/** Pauses before the second, third and fourth try. */
export const RETRY_PAUSES_MS = [500, 1_000, 2_000] as const;
/** Each pause is longer or shorter by up to a quarter, so that callers don't come back together. */
const JITTER = 0.25;

type Options = {
  /** Whether this error passes by itself, and what was tried is safe to repeat. */
  mayRepeat: (error: unknown) => boolean;
  deadline?: Deadline | undefined;
  signal?: AbortSignal | undefined;
  pause?: (ms: number, signal?: AbortSignal) => Promise<unknown>;
  random?: () => number;
};

/**
 * Tries up to four times. Stands above the breaker, so that each try counts there, and an open
 * breaker's refusal, which no `mayRepeat` takes for transient, ends the tries. Never waits past the
 * deadline: the last error is thrown instead.
 */
export async function retry<T>(work: () => Promise<T>, options: Options): Promise<T> {
  const { mayRepeat, signal, deadline = noDeadline, random = Math.random } = options;
  for (const pauseMs of RETRY_PAUSES_MS) {
    try {
      return await work();
    } catch (error) {
      const ms = pauseMs * (1 + JITTER * (2 * random() - 1));
      if (signal?.aborted || !mayRepeat(error) || deadline.remainingMs() <= ms) throw error;
      await (options.pause ?? pauseFor)(ms, signal);
      if (signal?.aborted) throw error;
    }
  }
  return work();
}

/** Ends early when the caller goes away. */
function pauseFor(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal?.addEventListener('abort', end);
  });
}
