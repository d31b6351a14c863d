import { describe, expect, it } from '@jest/globals';
import { splitText } from './split-text.ts';
import type { Piece } from './split-text.ts';

const show = (pieces: Piece[]): string =>
  pieces
    .map((piece) => {
      if (piece.kind === 'citation') return `<${piece.n}>`;
      return piece.unsupported ? `{${piece.text}}` : piece.text;
    })
    .join('');
const text = 'Notice is thirty days [1]. The sky is green. Ask early.';
const sentence = (part: string, supported: boolean, citations: number[] = []) => {
  const start = text.indexOf(part);
  return { start, end: start + part.length, supported, citations };
};

describe('splitting the text of an answer', () => {
  it('leaves brackets alone that are not numbers', () => {
    expect(show(splitText('a [b] [1a] [] [1234]', 0, []))).toBe('a [b] [1a] [] [1234]');
  });

  it('ignores sentences that lie outside the text', () => {
    expect(
      show(splitText('short', 0, [{ start: 90, end: 99, supported: false, citations: [] }])),
    ).toBe('short');
  });

  it('turns [1] and [2, 3] into citations', () => {
    expect(show(splitText('a [1] b [2, 3].', 0, []))).toBe('a<1> b<2><3>.');
  });

  it('marks exactly the sentence that is not supported', () => {
    const pieces = splitText(text, 0, [
      sentence('Notice is thirty days [1].', true, [1]),
      sentence('The sky is green.', false),
    ]);
    expect(show(pieces)).toBe('Notice is thirty days<1>. {The sky is green.} Ask early.');
    expect(
      pieces.filter((piece) => piece.kind === 'words' && piece.closes && piece.unsupported),
    ).toHaveLength(1);
  });

  it('adds the sources that the check found and the model did not write', () => {
    expect(show(splitText(text, 0, [sentence('Ask early.', true, [2])]))).toContain(
      'Ask early.<2>',
    );
  });

  it('marks a sentence that is cut over two texts, and closes it once', () => {
    const cut = text.indexOf('sky');
    const marks = [sentence('The sky is green.', false)];
    const pieces = [
      ...splitText(text.slice(0, cut), 0, marks),
      ...splitText(text.slice(cut), cut, marks),
    ];
    expect(show(pieces)).toBe('Notice is thirty days<1>. {The }{sky is green.} Ask early.');
    expect(pieces.filter((piece) => piece.kind === 'words' && piece.closes)).toHaveLength(1);
  });
});
