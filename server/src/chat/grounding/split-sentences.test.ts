import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { splitSentences } from './split-sentences.ts';

const sliced = (text: string): string[] =>
  splitSentences(text).map(({ start, end }) => text.slice(start, end));

describe('splitSentences', () => {
  it.each([
    ['Dr. Holm agreed. She left.', ['Dr. Holm agreed.', 'She left.']],
    ['Use a tool, e.g. a saw. Then stop.', ['Use a tool, e.g. a saw.', 'Then stop.']],
    ['Frist er 31. mars. Etterpå stenger vi.', ['Frist er 31. mars.', 'Etterpå stenger vi.']],
    ['Am 3. Oktober ist frei. Danach nicht.', ['Am 3. Oktober ist frei.', 'Danach nicht.']],
    ['It costs 1.5 million. It is late.', ['It costs 1.5 million.', 'It is late.']],
    ['Wir haben z. B. Brot. Und Bier.', ['Wir haben z. B. Brot.', 'Und Bier.']],
  ])('does not split inside %p', (text, expected) => {
    expect(sliced(text)).toEqual(expected);
  });

  it('keeps a citation after the full stop with its sentence', () => {
    expect(sliced('It is blue. [1] It is old. [2][3]')).toEqual([
      'It is blue. [1]',
      'It is old. [2][3]',
    ]);
  });

  it('takes each item of a list for a sentence of its own', () => {
    expect(sliced('Bring:\n- a coat\n- two pens\n1. Sign it.')).toEqual([
      'Bring:',
      '- a coat',
      '- two pens',
      '1. Sign it.',
    ]);
  });

  it('gives offsets that cover all but white space, in order, whatever the text', () => {
    const piece = fc.constantFrom(
      'a',
      'Dr. ',
      '. ',
      '\n',
      ' [1]',
      '3. ',
      'Mai ',
      '- ',
      '!',
      '“',
      'é',
      '🙂',
      ' ',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece).map((parts) => parts.join('')),
        ),
        (text) => {
          let last = 0;
          for (const { start, end } of splitSentences(text)) {
            expect(text.slice(last, start).trim()).toBe('');
            expect(end).toBeGreaterThan(start);
            expect(text.slice(start, end)).toBe(text.slice(start, end).trim());
            last = end;
          }
          expect(text.slice(last).trim()).toBe('');
        },
      ),
    );
  });
});
