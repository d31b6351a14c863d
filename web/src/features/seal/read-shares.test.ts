import { describe, expect, it } from '@jest/globals';
import { readShares } from './read-shares.ts';

const one = 'ab'.repeat(33);
const two = 'cd'.repeat(33);

describe('readShares', () => {
  it('ENC-11: says how many of what was typed are no shares', () => {
    expect(readShares(`${one.slice(1)}\n${two}`)).toEqual({ shares: [two], broken: 1 });
  });

  it('ENC-11: takes shares with what a file has around them, each once', () => {
    const text = `Key share 1 of 3\n${one}\n\nKey share 2 of 3\n  ${two}\n${one}`;
    expect(readShares(text)).toEqual({ shares: [one, two], broken: 0 });
  });
});
