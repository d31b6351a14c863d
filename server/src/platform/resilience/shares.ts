import { AppError } from '../app-error.ts';
import { noDeadline, type Deadline } from './deadline.ts';

export type ShareName = 'sign-in' | 'request' | 'stream' | 'background';

/** How many of a pool's places a kind of work always finds, and may take at most. */
export type Share = { readonly least: number; readonly most: number };

export type Taking = { share: ShareName; tenantId?: string | undefined; deadline?: Deadline };

export type Shares = {
  /** Resolves with what gives the place back. Rejects with `unavailable` when none comes in time. */
  take(taking: Taking): Promise<() => void>;
  view(): { total: number; running: Readonly<Record<ShareName, number>>; waiting: number };
};

/** In the order in which a place that is free is given. */
const NAMES: readonly ShareName[] = ['sign-in', 'request', 'stream', 'background'];
const MOST_WAITING = 1_000;
/** A quarter of what makes the process refuse everybody (create-resilience.ts). */
const WAITING_OF_ONE_TENANT_PER_PLACE = 5;
const PATIENCE_MS = 5_000;

type Waiting = { taking: Taking; go: () => void };

/** The shares of a pool: whatever models or jobs do, sign-in and lists find a connection. */
export function sharesOf(total: number): Readonly<Record<ShareName, Share>> {
  const part = (share: number): number => Math.floor(total * share);
  return {
    'sign-in': { least: part(0.17), most: total },
    request: { least: part(0.34), most: total },
    stream: { least: part(0.1), most: Math.max(1, part(0.5)) },
    background: { least: part(0.1), most: Math.max(1, part(0.34)) },
  };
}

/**
 * Divides the places of one pool between kinds of work. Within a kind no tenant holds more than half
 * of what can be had, however long its statements wait for each other, and the one with the fewest
 * places is next. Waiting is bounded in number and time, and of one tenant to a part of it.
 */
export function createShares(total: number, shares = sharesOf(total)): Shares {
  let waiting: Waiting[] = [];
  const places = countPlaces(total, shares, startNext);

  function startNext(): void {
    for (const name of NAMES) {
      while (places.fits(name)) {
        const ready = waiting.filter(
          (one) => one.taking.share === name && places.mayHold(one.taking),
        );
        const next = fewestFirst(ready, places.heldBy);
        if (!next) break;
        waiting = waiting.filter((one) => one !== next);
        next.go();
      }
    }
  }
  const mayWait = ({ tenantId }: Taking): boolean => {
    if (tenantId === undefined) return true;
    const own = waiting.filter((one) => one.taking.tenantId === tenantId);
    return own.length < total * WAITING_OF_ONE_TENANT_PER_PLACE;
  };
  return {
    take: (taking) => {
      // Who waits while a place is free waits for its own tenant's.
      if (places.fits(taking.share) && places.mayHold(taking)) {
        return Promise.resolve(places.start(taking));
      }
      if (waiting.length >= MOST_WAITING || !mayWait(taking)) return Promise.reject(busy());
      return new Promise((resolve, reject) => {
        const patience = Math.min(PATIENCE_MS, (taking.deadline ?? noDeadline).remainingMs());
        const timer = setTimeout(() => {
          waiting = waiting.filter((other) => other !== one);
          reject(busy());
        }, patience);
        const one: Waiting = {
          taking,
          go: () => {
            clearTimeout(timer);
            resolve(places.start(taking));
          },
        };
        waiting.push(one);
      });
    },
    view: () => ({ total, running: places.running(), waiting: waiting.length }),
  };
}

type Places = {
  /** Whether a place is free that is kept for no other kind of work. */
  fits(share: ShareName): boolean;
  mayHold(taking: Taking): boolean;
  heldBy(taking: Taking): number;
  /** Takes a place; what it returns gives it back, once. */
  start(taking: Taking): () => void;
  running(): Record<ShareName, number>;
};

function countPlaces(
  total: number,
  shares: Readonly<Record<ShareName, Share>>,
  onFreed: () => void,
): Places {
  const running: Record<ShareName, number> = { 'sign-in': 0, request: 0, stream: 0, background: 0 };
  const held = new Map<string, number>();

  const heldBy = (taking: Taking): number => held.get(holderOf(taking) ?? '') ?? 0;
  const release = (holder: string): void => {
    const left = (held.get(holder) ?? 1) - 1;
    if (left > 0) held.set(holder, left);
    else held.delete(holder);
  };
  return {
    fits: (share) => {
      if (running[share] >= shares[share].most) return false;
      let kept = 0;
      let all = 0;
      for (const name of NAMES) {
        all += running[name];
        if (name !== share) kept += Math.max(0, shares[name].least - running[name]);
      }
      return all + kept < total;
    },
    mayHold: (taking) =>
      taking.tenantId === undefined || heldBy(taking) < mostOfOneTenant(total, shares, taking),
    heldBy,
    start: (taking) => {
      const holder = holderOf(taking);
      running[taking.share] += 1;
      if (holder !== undefined) held.set(holder, (held.get(holder) ?? 0) + 1);
      let ended = false;
      return () => {
        if (ended) return;
        ended = true;
        running[taking.share] -= 1;
        if (holder !== undefined) release(holder);
        onFreed();
      };
    },
    running: () => ({ ...running }),
  };
}

function holderOf({ share, tenantId }: Taking): string | undefined {
  return tenantId === undefined ? undefined : `${share} ${tenantId}`;
}

function mostOfOneTenant(
  total: number,
  shares: Readonly<Record<ShareName, Share>>,
  { share }: Taking,
): number {
  const others = NAMES.filter((name) => name !== share);
  const kept = others.reduce((sum, name) => sum + shares[name].least, 0);
  return Math.max(1, Math.ceil(Math.min(shares[share].most, total - kept) / 2));
}

function fewestFirst(
  waiting: readonly Waiting[],
  heldBy: (taking: Taking) => number,
): Waiting | undefined {
  let best: Waiting | undefined;
  let fewest = Infinity;
  for (const one of waiting) {
    const places = heldBy(one.taking);
    if (places < fewest) [best, fewest] = [one, places];
  }
  return best;
}

function busy(): AppError {
  return new AppError('unavailable', 'The server has much to do; try again in a moment', {
    retryAfterSeconds: 2,
  });
}
