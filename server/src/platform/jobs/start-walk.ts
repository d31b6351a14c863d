import { setTimeout as pause } from 'node:timers/promises';
import type { Log } from '../log.ts';

type Options = {
  /** What is there to visit, asked at the begin of each round. */
  list: () => Promise<string[]>;
  visit: (id: string) => Promise<unknown>;
  /** A round does not begin sooner after the one before. */
  everyMs: number;
  log: Log;
  /** What it is for, in the log. */
  what: string;
  /** Between two visits: of the first round, which picks up what was left, and of later ones. */
  pauseMs?: { first: number; later: number };
};

export type Walk = { stop(): Promise<void> };

const PAUSE_MS = { first: 50, later: 333 };

/**
 * Visits all tenants again and again, at a bounded pace: for what was missed, never for what is due.
 * Three a second are a round of a thousand in six minutes, of ten thousand in an hour, and of few as
 * often as `everyMs` says. A visit that fails is logged and stops no other.
 */
export function startWalk(options: Options): Walk {
  const { list, visit, everyMs, log, what, pauseMs = PAUSE_MS } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  const rest = (ms: number): Promise<void> => pause(ms, undefined, { signal, ref: false });
  const round = async (gapMs: number): Promise<void> => {
    for (const id of await list()) {
      signal.throwIfAborted();
      await visit(id).catch((error: unknown) =>
        log.warn(`${what} failed`, { tenantId: id, error }),
      );
      await rest(gapMs);
    }
  };
  const walk = async (): Promise<void> => {
    for (let first = true; !signal.aborted; first = false) {
      const began = performance.now();
      await round(first ? pauseMs.first : pauseMs.later).catch((error: unknown) => {
        if (!signal.aborted) log.warn(`${what} failed`, { error });
      });
      await rest(Math.max(0, everyMs - (performance.now() - began))).catch(() => undefined);
    }
  };
  const walking = walk();
  return {
    stop: async () => {
      stopping.abort();
      await walking;
    },
  };
}
