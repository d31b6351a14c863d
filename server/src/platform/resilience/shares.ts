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
 * Divides the places of one pool between kinds of work. Within a kind the tenant with the fewest
 * places is next, so that a noisy one waits for its own. Waiting is bounded in number and time.
 */
export function createShares(total: number, shares = sharesOf(total)): Shares {
  const running: Record<ShareName, number> = { 'sign-in': 0, request: 0, stream: 0, background: 0 };
  const ofTenant = new Map<string, number>();
  let waiting: Waiting[] = [];

  const fits = (share: ShareName): boolean => {
    if (running[share] >= shares[share].most) return false;
    let kept = 0;
    let all = 0;
    for (const name of NAMES) {
      all += running[name];
      if (name !== share) kept += Math.max(0, shares[name].least - running[name]);
    }
    return all + kept < total;
  };
  const start = ({ share, tenantId }: Taking): (() => void) => {
    running[share] += 1;
    if (tenantId !== undefined) ofTenant.set(tenantId, (ofTenant.get(tenantId) ?? 0) + 1);
    let ended = false;
    return () => {
      if (ended) return;
      ended = true;
      running[share] -= 1;
      if (tenantId !== undefined) release(tenantId);
      if (waiting.length > 0) startNext();
    };
  };
  const release = (tenantId: string): void => {
    const left = (ofTenant.get(tenantId) ?? 1) - 1;
    if (left > 0) ofTenant.set(tenantId, left);
    else ofTenant.delete(tenantId);
  };
  const startNext = (): void => {
    for (const name of NAMES) {
      while (fits(name)) {
        const next = fewestFirst(waiting, name, ofTenant);
        if (!next) break;
        waiting = waiting.filter((one) => one !== next);
        next.go();
      }
    }
  };
  return {
    take: (taking) => {
      if (fits(taking.share) && !waiting.some((one) => one.taking.share === taking.share))
        return Promise.resolve(start(taking));
      if (waiting.length >= MOST_WAITING) return Promise.reject(busy());
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
            resolve(start(taking));
          },
        };
        waiting.push(one);
      });
    },
    view: () => ({ total, running: { ...running }, waiting: waiting.length }),
  };
}

function fewestFirst(
  waiting: readonly Waiting[],
  share: ShareName,
  ofTenant: ReadonlyMap<string, number>,
): Waiting | undefined {
  let best: Waiting | undefined;
  let fewest = Infinity;
  for (const one of waiting) {
    if (one.taking.share !== share) continue;
    const places = ofTenant.get(one.taking.tenantId ?? '') ?? 0;
    if (places < fewest) [best, fewest] = [one, places];
  }
  return best;
}

function busy(): AppError {
  return new AppError('unavailable', 'The server has much to do; try again in a moment', {
    retryAfterSeconds: 2,
  });
}
