import type { Draw } from './draw-budget.ts';

/** What a request was told. `used` and `leftMs` are as of the last draw of this process. */
export type Taken = { admitted: boolean; used: number; leftMs: number };

export type Leases = {
  /** Takes one request out of the budget of `key`; asks the database only when the lease is spent. */
  take(key: string): Promise<Taken>;
  /** Whether the budget of `key` is known to be spent: for work that is paid for afterwards. */
  spent(key: string): Taken | undefined;
};

type Options = {
  limit: number;
  windowMs: number;
  draw: (key: string, need: number) => Promise<Draw>;
  /** A draw that failed: the process then counts alone until the next try. */
  failed: (error: unknown) => void;
  /** `closed`: while the database is away nobody passes, and its error is thrown. */
  whenAway: 'alone' | 'closed';
  /** Monotonic milliseconds. */
  now: () => number;
};

type Lease = {
  left: number;
  /** A draw got nothing: the window's budget is spent. */
  empty: boolean;
  used: number;
  endsAt: number;
  waiting: number;
  drawing: Promise<void> | undefined;
};

/** Keys held in memory; the oldest goes first, which loses what it had leased and admits no more. */
const MOST_KEYS = 50_000;
const AGAIN_MS = 1_000;

/**
 * Leases parts of budgets that all processes share. One draw serves all who wait for the same key,
 * so a burst costs few round trips, and what is granted is never more than the limit of the window.
 */
export function createLeases(options: Options): Leases {
  const { now, limit } = options;
  const leases = new Map<string, Lease>();
  let awayUntil = -Infinity;

  const leaseOf = (key: string): Lease => {
    const known = leases.get(key);
    if (known && (known.endsAt > now() || known.drawing)) return known;
    leases.delete(key);
    const [oldest] = leases.keys();
    if (leases.size >= MOST_KEYS && oldest !== undefined) leases.delete(oldest);
    const fresh = { left: 0, empty: false, used: 0, endsAt: 0, waiting: 0, drawing: undefined };
    leases.set(key, fresh);
    return fresh;
  };
  const draw = async (key: string, lease: Lease): Promise<void> => {
    const askedAt = now();
    const drawn =
      askedAt < awayUntil
        ? drawAlone(lease, askedAt)
        : await options.draw(key, Math.max(1, lease.waiting)).catch((error: unknown) => {
            options.failed(error);
            if (options.whenAway === 'closed') throw error;
            awayUntil = now() + AGAIN_MS;
            return drawAlone(lease, askedAt);
          });
    // Counted from the asking on: a lease never outlives the window that it was drawn from.
    lease.endsAt = askedAt + drawn.leftMs;
    lease.left = drawn.granted;
    lease.used = drawn.used;
    lease.empty = drawn.granted === 0;
  };
  /** The database is away: the process counts by itself, at most the whole limit per window. */
  const drawAlone = (lease: Lease, askedAt: number): Draw => {
    const used = lease.endsAt > askedAt ? lease.used : 0;
    const granted = Math.max(0, Math.min(lease.waiting, limit - used));
    return { granted, used: used + granted, leftMs: leftOf(lease, askedAt, options.windowMs) };
  };
  const told = (lease: Lease, admitted: boolean): Taken => ({
    admitted,
    used: admitted ? Math.max(1, lease.used - lease.left) : limit + 1,
    leftMs: Math.max(1, lease.endsAt - now()),
  });
  return {
    spent: (key) => {
      const known = leases.get(key);
      return known?.empty && known.endsAt > now() ? told(known, false) : undefined;
    },
    take: async (key) => {
      const lease = leaseOf(key);
      lease.waiting += 1;
      try {
        for (;;) {
          const valid = lease.endsAt > now();
          if (valid && lease.left > 0) {
            lease.left -= 1;
            return told(lease, true);
          }
          if (valid && lease.empty) return told(lease, false);
          lease.drawing ??= draw(key, lease).finally(() => (lease.drawing = undefined));
          await lease.drawing;
        }
      } finally {
        lease.waiting -= 1;
      }
    },
  };
}

function leftOf(lease: Lease, askedAt: number, windowMs: number): number {
  return lease.endsAt > askedAt ? lease.endsAt - askedAt : windowMs;
}
