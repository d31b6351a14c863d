import type { Sentence } from '../../lib/api/types.ts';

/** A piece of running text of an answer: words, or a numbered citation. */
export type Piece =
  | { kind: 'words'; text: string; unsupported: boolean; closes: boolean }
  | { kind: 'citation'; n: number };

/** [1] and [1, 3], as a model writes them. */
const marker = /\[(\d{1,3}(?:\s*[,;]\s*\d{1,3})*)\]/g;

const numbersIn = (text: string): number[] =>
  [...text.matchAll(marker)].flatMap((match) => (match[1] ?? '').split(/[,;]/).map(Number));

function splitCitations(
  text: string,
  words: Omit<Piece & { kind: 'words' }, 'text' | 'kind'>,
): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  const push = (to: number): void => {
    // "month [1]." reads better with the number close to its word.
    const part = to < text.length ? text.slice(from, to).trimEnd() : text.slice(from, to);
    if (part !== '') pieces.push({ kind: 'words', text: part, ...words, closes: false });
  };
  for (const match of text.matchAll(marker)) {
    push(match.index);
    for (const n of numbersIn(match[0])) pieces.push({ kind: 'citation', n });
    from = match.index + match[0].length;
  }
  push(text.length);
  const last = pieces.findLast((piece) => piece.kind === 'words');
  if (last?.kind === 'words') last.closes = words.closes;
  return pieces;
}

/**
 * Cuts text that stands at `offset` of the answer along its checked sentences. A sentence whose
 * sources are not written in it gets them at its end. Offsets are UTF-16 units of the answer.
 */
export function splitText(text: string, offset: number, sentences: readonly Sentence[]): Piece[] {
  const end = offset + text.length;
  const pieces: Piece[] = [];
  let at = offset;
  const take = (to: number, sentence: Sentence | null): void => {
    const part = text.slice(at - offset, to - offset);
    const closes = sentence !== null && to === sentence.end;
    const written = numbersIn(part);
    const unsupported = sentence !== null && !sentence.supported;
    pieces.push(...splitCitations(part, { unsupported, closes }));
    const missing = closes ? sentence.citations.filter((n) => !written.includes(n)) : [];
    pieces.push(...missing.map((n): Piece => ({ kind: 'citation', n })));
    at = to;
  };
  for (const sentence of sentences) {
    if (sentence.end <= at || sentence.start >= end) continue;
    if (sentence.start > at) take(sentence.start, null);
    take(Math.min(sentence.end, end), sentence);
  }
  if (at < end) take(end, null);
  return pieces;
}
