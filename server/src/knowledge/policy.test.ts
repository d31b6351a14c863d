import { describe, expect, it } from '@jest/globals';
import { canRetry, needsOriginal } from './policy.ts';

describe('canRetry', () => {
  it.each([
    ['ready', 3],
    ['queued', 3],
    ['embedding', 3],
    ['failed', 0],
  ] as const)('refuses a document that is %s with %i passages', (state, total) => {
    expect(canRetry({ state, total })).toBe(false);
  });
  it('allows a failed one whose passages are stored', () => {
    expect(canRetry({ state: 'failed', total: 3 })).toBe(true);
  });
});

describe('needsOriginal', () => {
  it.each(['embedding', 'ready', 'failed'] as const)('INP-05: not once it is %s', (state) => {
    expect(needsOriginal(state)).toBe(false);
  });
  it.each(['queued', 'parsing'] as const)('while it is %s', (state) => {
    expect(needsOriginal(state)).toBe(true);
  });
});
