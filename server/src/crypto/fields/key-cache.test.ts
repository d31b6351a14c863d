import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { KeyBackend } from '../../platform/index.ts';
import { createKeyCache } from './key-cache.ts';
import type { KeyOwner } from './key-ring.ts';

let unwrapped = 0;
const backend = {
  unwrap: (_place: unknown, wrapped: readonly string[]) => {
    unwrapped += 1;
    return Promise.resolve(wrapped.map(() => randomBytes(32)));
  },
} as unknown as KeyBackend;
const owner: KeyOwner = {
  name: 'a',
  place: { key: 'tenant-a' } as KeyOwner['place'],
  listKeys: () => Promise.resolve([{ version: 1, wrapped: 'w', state: 'current' }]),
};
const signal = new AbortController().signal;

describe('keys in memory', () => {
  beforeEach(() => {
    unwrapped = 0;
    jest.useFakeTimers();
  });
  afterEach(() => void jest.useRealTimers());

  it('ENC-04: are erased after their time, also from whoever holds them', async () => {
    const cache = createKeyCache(backend, { seconds: 60, uses: 1000 });
    const held = await cache.open(owner, signal);
    const { keys } = held.ring();
    expect(keys.size).toBe(1);
    await jest.advanceTimersByTimeAsync(60_001);
    expect(keys.size).toBe(0);
    expect(() => held.ring()).toThrow('erased');
    expect(cache.size()).toBe(0);
  });

  it('ENC-04: are unwrapped anew after so many uses', async () => {
    const cache = createKeyCache(backend, { seconds: 60, uses: 2 });
    const first = await cache.open(owner, signal);
    const { keys } = first.ring();
    first.countUse();
    first.countUse();
    await cache.open(owner, signal);
    await jest.advanceTimersByTimeAsync(1);
    expect(unwrapped).toBe(2);
    expect(keys.size).toBe(0);
  });

  it('ENC-04: in strict mode end with their request, and are nobody else’s', async () => {
    const cache = createKeyCache(backend, { seconds: 0, uses: 1000 });
    const request = new AbortController();
    const [one, other] = [
      await cache.open(owner, request.signal),
      await cache.open(owner, new AbortController().signal),
    ];
    const [mine, theirs] = [one.ring().keys, other.ring().keys];
    expect(unwrapped).toBe(2);
    request.abort();
    expect([mine.size, theirs.size]).toEqual([0, 1]);
  });

  it('ENC-04: are erased at once on demand', async () => {
    const cache = createKeyCache(backend, { seconds: 60, uses: 1000 });
    const { keys } = (await cache.open(owner, signal)).ring();
    cache.erase('a');
    expect(keys.size).toBe(0);
  });
});
