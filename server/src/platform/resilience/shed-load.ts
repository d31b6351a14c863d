import { monitorEventLoopDelay } from 'node:perf_hooks';
import { AppError } from '../app-error.ts';

export type SheddingReason = 'in_flight' | 'delay' | 'waiting';

export type Shedding = {
  /** Counts a request in, or throws `unavailable`. The result counts it out. */
  enter(): () => void;
  view(): { inFlight: number; delayMs: number; shed: number };
  stop(): void;
};

type Options = {
  mostInFlight: number;
  /** By which the process may answer its own timers late, in the median of a second. */
  mostDelayMs: number;
  /** Who waits for a connection. */
  waiting: () => number;
  mostWaiting: number;
  /** Median delay since the last look; for tests. Default: Node's own histogram. */
  readDelayMs?: () => number;
  shed?: (reason: SheddingReason) => void;
};

const LOOK_MS = 1_000;

/**
 * Refuses early what could only be answered late: while too much is in flight, while the process
 * answers its own events late, or while too many wait for a connection. A refusal costs next to
 * nothing, so the process catches up.
 */
export function createShedding(options: Options): Shedding {
  const { readDelayMs = histogram() } = options;
  let inFlight = 0;
  let delayMs = 0;
  let shed = 0;
  const look = setInterval(() => (delayMs = readDelayMs()), LOOK_MS);
  look.unref();

  const reason = (): SheddingReason | undefined => {
    if (inFlight >= options.mostInFlight) return 'in_flight';
    if (options.waiting() >= options.mostWaiting) return 'waiting';
    // One passes now and then, so that a quiet moment is seen.
    return delayMs > options.mostDelayMs && inFlight > 0 ? 'delay' : undefined;
  };
  return {
    enter: () => {
      const why = reason();
      if (why) {
        shed += 1;
        options.shed?.(why);
        throw new AppError('unavailable', 'The server has much to do; try again in a moment', {
          retryAfterSeconds: 1 + Math.floor(Math.random() * 4),
        });
      }
      inFlight += 1;
      let left = false;
      return () => {
        if (!left) inFlight -= 1;
        left = true;
      };
    },
    view: () => ({ inFlight, delayMs: Math.round(delayMs), shed }),
    stop: () => clearInterval(look),
  };
}

function histogram(): () => number {
  const resolution = 20;
  const delays = monitorEventLoopDelay({ resolution });
  delays.enable();
  return () => {
    const median = delays.percentile(50) / 1e6 - resolution;
    delays.reset();
    return Number.isFinite(median) ? Math.max(0, median) : 0;
  };
}
