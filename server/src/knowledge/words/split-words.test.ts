import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { distinctLexemes } from './lexemes-of.ts';
import { splitWords } from './split-words.ts';

describe('splitWords', () => {
  it.each([
    ['', []],
    [' … — !? ', []],
    ['Die Straße nach Zürich', ['die', 'strasse', 'nach', 'zurich']],
    ['Ærlig talt, Ålesund og Tromsø', ['aerlig', 'talt', 'alesund', 'og', 'tromso']],
    ['¿Cuántos?', ['cuantos']],
    ["don't re-use v2.1", ['don', 't', 're', 'use', 'v2', '1']],
    ['ﬁnance', ['finance']],
    ['東京都に', ['東京', '京都', '都に']],
  ])('folds %j', (text, words) => expect(splitWords(text)).toEqual(words));

  it('gives the same words for composed and decomposed accents', () => {
    expect(splitWords('cafe\u0301')).toEqual(splitWords('caf\u00e9'));
  });

  it('cuts what is too long for an index entry', () => {
    expect(splitWords('x'.repeat(10_000))).toEqual(['x'.repeat(64)]);
  });

  it('INP-01: no text whatever makes a lexeme that could be read as an operator', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        for (const lexeme of distinctLexemes(splitWords(text)))
          expect(lexeme).toMatch(/^[<>]?[\p{L}\p{N}]{1,64}$/u);
      }),
    );
  });
});
