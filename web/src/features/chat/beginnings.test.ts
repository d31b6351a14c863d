import { describe, expect, it } from '@jest/globals';
import { beginnings, gapIn } from './beginnings.ts';

describe('the beginnings of questions', () => {
  it('finds no gap in a whole question', () => {
    expect(gapIn('How long is the notice period?')).toBeNull();
  });

  it('has one gap in each', () => {
    for (const beginning of beginnings) {
      const [start, end] = gapIn(beginning) ?? [0, 0];
      expect(beginning.slice(start, end)).toBe('…');
    }
  });
});
