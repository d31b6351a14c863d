import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createLeases, type Leases } from './leases.ts';
import type { Draw } from './draw-budget.ts';

const LIMIT = 60;
const WINDOW_MS = 60_000;

/** A store as the database is one: one window at a time, exactly the limit in it. */
function createStore() {
  let time = 0;
  let used = 0;
  let endsAt = 0;
  let away: Error | undefined;
  const draw = async (need: number): Promise<Draw> => {
    await new Promise((resolve) => setImmediate(resolve));
    if (away) throw away;
    if (time >= endsAt) [used, endsAt] = [0, time + WINDOW_MS];
    const granted = Math.min(need, LIMIT - used);
    used += granted;
    return { granted, used, leftMs: endsAt - time };
  };
  const open = (whenAway: 'alone' | 'closed' = 'alone'): Leases =>
    createLeases({
      limit: LIMIT,
      windowMs: WINDOW_MS,
      whenAway,
      now: () => time,
      draw: (_key, need) => draw(need),
      failed: () => undefined,
    });
  return {
    open,
    pass: (ms: number) => (time += ms),
    lose: (error?: Error) => (away = error),
  };
}

const admittedOf = async (leases: Leases, count: number): Promise<number> => {
  const taken = await Promise.all(Array.from({ length: count }, () => leases.take('key')));
  return taken.filter(({ admitted }) => admitted).length;
};

describe('leases', () => {
  it('RAT-02: processes that ask in parallel admit exactly the limit together', async () => {
    const store = createStore();
    const [one, other] = [store.open(), store.open()];
    const admitted = await Promise.all([admittedOf(one, 100), admittedOf(other, 100)]);
    expect(admitted[0] + admitted[1]).toBe(LIMIT);
  });

  it('RAT-02: a spent budget is refused from memory until its window ends', async () => {
    const store = createStore();
    const leases = store.open();
    await admittedOf(leases, 100);
    store.lose(new Error('must not be asked'));
    expect(await leases.take('key')).toMatchObject({ admitted: false, used: LIMIT + 1 });
    expect(leases.spent('key')).toMatchObject({ leftMs: WINDOW_MS });
    store.lose(undefined);
    store.pass(WINDOW_MS);
    expect(leases.spent('key')).toBeUndefined();
    expect(await leases.take('key')).toMatchObject({ admitted: true });
  });

  it('RAT-02: without the database a process counts alone, and no further than the limit', async () => {
    const store = createStore();
    const leases = store.open();
    store.lose(new Error('away'));
    expect(await admittedOf(leases, 200)).toBe(LIMIT);
    store.pass(WINDOW_MS);
    expect(await admittedOf(leases, 200)).toBe(LIMIT);
  });

  it('RAT-02: a closed budget admits nobody without the database', async () => {
    const store = createStore();
    store.lose(new Error('away'));
    await expect(store.open('closed').take('key')).rejects.toThrow('away');
  });

  it('RAT-02: whatever the order, no window admits more than its limit', async () => {
    const step = fc.oneof(
      fc.record({ process: fc.nat(2), count: fc.integer({ min: 1, max: 40 }) }),
      fc.record({ pass: fc.nat(30_000) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const store = createStore();
        const processes = [store.open(), store.open(), store.open()];
        let now = 0;
        const admittedAt: number[] = [];
        for (const one of steps) {
          if ('pass' in one) {
            store.pass(one.pass);
            now += one.pass;
            continue;
          }
          const leases = processes[one.process];
          const admitted = leases ? await admittedOf(leases, one.count) : 0;
          for (let each = 0; each < admitted; each += 1) admittedAt.push(now);
        }
        // Windows begin with the first draw after the last one's end.
        let windowEnd = -1;
        let inWindow = 0;
        for (const at of admittedAt) {
          if (at >= windowEnd) [windowEnd, inWindow] = [at + WINDOW_MS, 0];
          inWindow += 1;
          expect(inWindow).toBeLessThanOrEqual(LIMIT);
        }
      }),
      { numRuns: 60 },
    );
  });
});
