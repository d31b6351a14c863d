import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { chooseTerms, MOST_ENTRIES } from './choose-terms.ts';

const holding = (counts: Record<string, number>) => new Map(Object.entries(counts));

describe('chooseTerms', () => {
  it('chooses nothing that stands nowhere', () => {
    expect(chooseTerms(['unheard'], { holding: new Map(), total: 10 })).toEqual([]);
  });

  it('takes the rarest first and leaves out what would cost too much', () => {
    const terms = chooseTerms(['the', 'and', 'zebra'], {
      holding: holding({ the: 90_000, and: MOST_ENTRIES, zebra: 3 }),
      total: 100_000,
    });
    expect(terms.map(({ lexeme }) => lexeme)).toEqual(['zebra']);
  });

  it('looks for a frequent word when there is no other', () => {
    const terms = chooseTerms(['the'], { holding: holding({ the: 90_000 }), total: 100_000 });
    expect(terms).toHaveLength(1);
  });

  it('trusts a word more than its parts', () => {
    const [word, part] = chooseTerms(['kanzler'], {
      holding: holding({ kanzler: 2, '<kanzl': 2 }),
      total: 100,
    });
    expect(word!.weight).toBeGreaterThan(part!.weight);
  });

  it('stays inside its bound for any question', () => {
    const counts = fc.dictionary(fc.stringMatching(/^[a-z]{1,12}$/), fc.nat(60_000));
    fc.assert(
      fc.property(counts, (known) => {
        const terms = chooseTerms(Object.keys(known), { holding: holding(known), total: 60_000 });
        const entries = terms.slice(1).reduce((sum, { lexeme }) => sum + known[lexeme]!, 0);
        expect(entries).toBeLessThanOrEqual(MOST_ENTRIES);
      }),
    );
  });
});
