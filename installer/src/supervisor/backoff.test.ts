import { describe, expect, it } from '@jest/globals';
import { backoffLimits, backoffMs } from './backoff.ts';

const middle = () => 0.5;

describe('backoffMs', () => {
  it('never waits longer than the bound and its jitter, however often it failed', () => {
    for (const attempt of [6, 20, 1e6]) {
      expect(backoffMs(attempt, () => 1)).toBeLessThanOrEqual(backoffLimits.highestMs * 1.2);
    }
  });

  it('doubles from half a second', () => {
    expect([0, 1, 2, 3].map((attempt) => backoffMs(attempt, middle))).toEqual([
      500, 1000, 2000, 4000,
    ]);
  });

  it('spreads by a fifth either way', () => {
    expect(backoffMs(0, () => 0)).toBe(400);
    expect(backoffMs(0, () => 1)).toBe(600);
  });
});
