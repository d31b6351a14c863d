import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { wordGrams } from '../words/word-grams.ts';
import { matchGrams } from './match-grams.ts';

describe('matchGrams', () => {
  it('finds nothing where nothing is shared', () => {
    expect(matchGrams(new Map([['zebra', 0]]))('apple')).toEqual([]);
  });
  it('knows the edges of a word from its middle', () => {
    const match = matchGrams(new Map([['_alte', 0]]));
    expect([match('alter'), match('zualter')]).toEqual([[0], []]);
  });
  it('finds what taking every word apart would find', () => {
    const word = fc.stringMatching(/^[a-c]{1,9}$/);
    fc.assert(
      fc.property(word, fc.array(word), (asked, words) => {
        const numbers = new Map(wordGrams(asked).map((gram, at) => [gram, at]));
        const match = matchGrams(numbers);
        for (const each of words) {
          const plainly = wordGrams(each).flatMap((gram) => numbers.get(gram) ?? []);
          expect(match(each)).toEqual(plainly);
        }
      }),
    );
  });
});
