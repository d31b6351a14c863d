import { describe, expect, it } from '@jest/globals';
import { splitWords } from '../words/split-words.ts';
import { scoreWords } from './score-words.ts';

/** Scores where every word of the passages counts as it stands in them. */
function score(question: string, ...passages: string[]): number[] {
  const split = passages.map(splitWords);
  const holding = new Map<string, number>();
  for (const words of split)
    for (const word of new Set(words)) holding.set(word, (holding.get(word) ?? 0) + 1);
  return scoreWords(
    splitWords(question),
    split.map((words) => words.join(' ')),
    { holding, total: passages.length },
  );
}

describe('scoreWords', () => {
  it('gives nothing for nothing in common', () => {
    expect(score('zebra', 'an apple', 'a pear')).toEqual([0, 0]);
  });
  it('gives no passages no scores', () => expect(score('zebra')).toEqual([]));

  it('finds a German word inside a compound and in another form', () => {
    const [compound = 0, other = 0] = score(
      'Wer war Kanzler?',
      'der bundeskanzler sprach',
      'der minister sprach',
    );
    expect(compound).toBeGreaterThan(other);
  });

  it('finds a Norwegian word in another form', () => {
    const [right = 0, wrong = 0] = score('Hvor ligger skolen?', 'skolene i byen', 'husene i byen');
    expect(right).toBeGreaterThan(wrong);
  });

  it('lets the rare word decide over the frequent one', () => {
    const scores = score('the zebra', 'a zebra ran', 'the horse', 'the cow', 'the the the the');
    expect(scores.indexOf(Math.max(...scores))).toBe(0);
  });

  it('prefers the shorter of two passages that say it as often', () => {
    const [short = 0, long = 0] = score('zebra', 'zebra', `zebra ${'filler '.repeat(200)}`);
    expect(short).toBeGreaterThan(long);
  });
});
