import { setTimeout as pause } from 'node:timers/promises';

export type Keeper = { stop(): Promise<void> };

/** Runs `step` until stopped; at once again while it found work (true), else after a pause. */
export function poll(
  step: (signal: AbortSignal) => Promise<boolean>,
  options: { everyMs: number; failed: (error: unknown) => void },
): Keeper {
  const stopping = new AbortController();
  const { signal } = stopping;
  const loop = async (): Promise<void> => {
    while (!signal.aborted) {
      const worked = await step(signal).catch((error: unknown) => {
        if (!signal.aborted) options.failed(error);
        return false;
      });
      if (!worked) await pause(options.everyMs, undefined, { signal }).catch(() => undefined);
    }
  };
  const running = loop();
  return {
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}
