import { AppError } from '../../platform/index.ts';

export type FairQueue = {
  /**
   * Waits for a slot before the model server; `placed` hears the place in the queue (1 is next)
   * whenever it changes. Rejects with the signal's reason, and with `unavailable` when too many wait.
   * The result gives the slot back.
   */
  enter(
    tenantId: string,
    signal: AbortSignal,
    placed: (place: number) => void,
  ): Promise<() => void>;
};

/** Beyond these an answer would come too late to be of use. */
const MOST_WAITING_OF_TENANT = 200;
const MOST_WAITING = 1_000;

type Load = { readonly running: number; readonly lastStart: number };
type Waiting = { tenantId: string; placed: (place: number) => void; go: () => void };

/**
 * Bounds how many answers the model writes at once. The tenant with the fewest running answers is
 * next, then the one whose last start is longest ago, so one tenant's hundred questions delay
 * another's first by one slot.
 */
export function createFairQueue(slots: number): FairQueue {
  const loads = new Map<string, Load>();
  let waiting: Waiting[] = [];
  let free = slots;
  let starts = 0;

  const start = (tenantId: string): void => {
    free -= 1;
    starts += 1;
    loads.set(tenantId, { running: loadOf(loads, tenantId).running + 1, lastStart: starts });
  };
  const finish = (tenantId: string): void => {
    free += 1;
    const { running, lastStart } = loadOf(loads, tenantId);
    loads.set(tenantId, { running: running - 1, lastStart });
    next();
    // Nobody waits: who went first no longer matters.
    if (free === slots) loads.clear();
  };
  const next = (): void => {
    if (free === 0) return;
    const chosen = inOrder(waiting, loads)[0];
    if (!chosen) return;
    waiting = waiting.filter((one) => one !== chosen);
    chosen.go();
    tellPlaces();
  };
  const tellPlaces = (): void =>
    inOrder(waiting, loads).forEach((one, index) => one.placed(index + 1));
  const releaseOf = (tenantId: string): (() => void) => {
    let released = false;
    return () => {
      if (!released) finish(tenantId);
      released = true;
    };
  };
  return {
    enter: (tenantId, signal, placed) => {
      if (free > 0 && waiting.length === 0) {
        start(tenantId);
        return Promise.resolve(releaseOf(tenantId));
      }
      if (isFull(waiting, tenantId)) return Promise.reject(full());
      return new Promise((resolve, reject) => {
        const leave = (): void => {
          waiting = waiting.filter((one) => one !== entry);
          tellPlaces();
          reject(signal.reason as Error);
        };
        const entry: Waiting = {
          tenantId,
          placed,
          go: () => {
            signal.removeEventListener('abort', leave);
            start(tenantId);
            resolve(releaseOf(tenantId));
          },
        };
        waiting.push(entry);
        signal.addEventListener('abort', leave, { once: true });
        tellPlaces();
      });
    },
  };
}

function isFull(waiting: readonly Waiting[], tenantId: string): boolean {
  if (waiting.length >= MOST_WAITING) return true;
  const own = waiting.filter((one) => one.tenantId === tenantId);
  return own.length >= MOST_WAITING_OF_TENANT;
}

function full(): AppError {
  const message = 'Too many questions wait for the model; ask again in a minute';
  return new AppError('unavailable', message, { retryAfterSeconds: 60 });
}

function loadOf(loads: ReadonlyMap<string, Load>, tenantId: string): Load {
  return loads.get(tenantId) ?? { running: 0, lastStart: 0 };
}

/** The order in which the waiting would be served if nothing else came. */
function inOrder(waiting: readonly Waiting[], loads: ReadonlyMap<string, Load>): Waiting[] {
  const expected = new Map(loads);
  const left = [...waiting];
  const order: Waiting[] = [];
  while (left.length > 0) {
    const ranked = left.toSorted((a, b) => {
      const [one, other] = [loadOf(expected, a.tenantId), loadOf(expected, b.tenantId)];
      return one.running - other.running || one.lastStart - other.lastStart;
    });
    const [chosen] = ranked;
    if (!chosen) break;
    left.splice(left.indexOf(chosen), 1);
    const { running } = loadOf(expected, chosen.tenantId);
    expected.set(chosen.tenantId, { running: running + 1, lastStart: Number.MAX_SAFE_INTEGER });
    order.push(chosen);
  }
  return order;
}
