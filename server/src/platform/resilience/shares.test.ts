import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { createShares, type ShareName } from './shares.ts';

const NAMES: readonly ShareName[] = ['sign-in', 'request', 'stream', 'background'];

describe('the shares of a pool', () => {
  beforeEach(() => void jest.useFakeTimers({ doNotFake: ['setImmediate'] }));
  afterEach(() => void jest.useRealTimers());

  it('RES-01: background work and streams that hang leave sign-in and requests their places', async () => {
    const shares = createShares(12);
    for (let taken = 0; taken < 40; taken += 1) {
      void shares.take({ share: 'background' }).catch(() => undefined);
      void shares.take({ share: 'stream' }).catch(() => undefined);
    }
    await Promise.resolve();
    await expect(shares.take({ share: 'sign-in' })).resolves.toBeDefined();
    await expect(shares.take({ share: 'request' })).resolves.toBeDefined();
    await expect(shares.take({ share: 'request' })).resolves.toBeDefined();
  });

  it('RES-01: requests that hang leave sign-in its places', async () => {
    const shares = createShares(12);
    for (let taken = 0; taken < 40; taken += 1)
      void shares.take({ share: 'request' }).catch(() => undefined);
    await Promise.resolve();
    await expect(shares.take({ share: 'sign-in' })).resolves.toBeDefined();
    await expect(shares.take({ share: 'sign-in' })).resolves.toBeDefined();
  });

  it('RAT-01: a noisy tenant waits for its own places; another’s first request is next', async () => {
    const shares = createShares(4, {
      'sign-in': { least: 0, most: 4 },
      request: { least: 0, most: 4 },
      stream: { least: 0, most: 1 },
      background: { least: 0, most: 1 },
    });
    const noisy = () => shares.take({ share: 'request', tenantId: 'noisy' });
    const other = () => shares.take({ share: 'request', tenantId: 'other' });
    const held = await Promise.all([noisy(), noisy(), other(), other()]);
    const order: string[] = [];
    for (const tenantId of ['noisy', 'noisy', 'quiet'])
      void shares.take({ share: 'request', tenantId }).then(() => order.push(tenantId));
    held[0]?.();
    await new Promise((resolve) => setImmediate(resolve));
    expect(order).toEqual(['quiet']);
  });

  it('RAT-01: statements of one tenant that hang leave the others half of the places, at once', async () => {
    const shares = createShares(12);
    let held = 0;
    for (let taken = 0; taken < 40; taken += 1)
      void shares.take({ share: 'request', tenantId: 'noisy' }).then(
        () => (held += 1),
        () => undefined,
      );
    await new Promise((resolve) => setImmediate(resolve));
    expect(held).toBe(4);
    const quiet = [1, 2, 3, 4].map(() => shares.take({ share: 'request', tenantId: 'quiet' }));
    const given = Promise.all(quiet).then(() => 'given');
    const late = new Promise((resolve) => setImmediate(() => resolve('waiting')));
    await expect(Promise.race([given, late])).resolves.toBe('given');
  });

  it('RAT-01: a noisy tenant fills its own part of the queue; another still gets in, and its place', async () => {
    const shares = createShares(12);
    const refusals: number[] = [];
    for (let asked = 0; asked < 5_000; asked += 1)
      void shares.take({ share: 'request', tenantId: 'noisy' }).catch((error: unknown) => {
        refusals.push((error as { status: number }).status);
      });
    await new Promise((resolve) => setImmediate(resolve));
    // Refused at once, as 503, and not only when its patience has ended.
    expect(refusals.length).toBeGreaterThan(4_900);
    expect(new Set(refusals)).toEqual(new Set([503]));
    expect(shares.view().waiting).toBeLessThanOrEqual(60);
    const holding = await Promise.all(
      ['b', 'c'].flatMap((tenantId) =>
        [1, 2].map(() => shares.take({ share: 'request', tenantId })),
      ),
    );
    const quiet = shares.take({ share: 'request', tenantId: 'quiet' });
    await new Promise((resolve) => setImmediate(resolve));
    holding[0]?.();
    await expect(quiet).resolves.toBeDefined();
  });

  it('RAT-01: what a tenant may have waiting is the same whatever kinds of work it asks for', async () => {
    const shares = createShares(4);
    const ask = (tenantId: string): void => {
      for (const share of NAMES) void shares.take({ share, tenantId }).catch(() => undefined);
    };
    for (let asked = 0; asked < 500; asked += 1) ask('noisy');
    const { waiting } = shares.view();
    ask('quiet');
    await new Promise((resolve) => setImmediate(resolve));
    expect(waiting).toBe(20);
    expect(shares.view().waiting).toBeGreaterThan(waiting);
  });

  it('RES-01: waiting ends with the deadline, as 503', async () => {
    const shares = createShares(1);
    await shares.take({ share: 'request' });
    const refused = expect(
      shares.take({ share: 'request', deadline: { remainingMs: () => 200 } }),
    ).rejects.toMatchObject({ status: 503, retryAfterSeconds: 2 });
    await jest.advanceTimersByTimeAsync(200);
    await refused;
    expect(shares.view().waiting).toBe(0);
  });

  it('RES-01: never gives more places than there are, nor loses one', async () => {
    const step = fc.record({ name: fc.constantFrom(...NAMES), release: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 20 }), fc.array(step), async (total, steps) => {
        const shares = createShares(total);
        const held: (() => void)[] = [];
        for (const { name, release } of steps) {
          if (release) held.shift()?.();
          else void shares.take({ share: name }).then((giveBack) => held.push(giveBack));
          await new Promise((resolve) => setImmediate(resolve));
          const { running } = shares.view();
          const sum = NAMES.reduce((all, each) => all + running[each], 0);
          expect(sum).toBeLessThanOrEqual(total);
          expect(sum).toBe(held.length);
        }
        while (held.length > 0) {
          held.shift()?.();
          await new Promise((resolve) => setImmediate(resolve));
        }
        expect(shares.view()).toMatchObject({ waiting: 0 });
      }),
      { numRuns: 40 },
    );
  });
});
