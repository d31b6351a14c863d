import { splitSentences } from './split-sentences.ts';

export type Window = { readonly start: number; readonly end: number; readonly text: string };

/** Each sentence of a passage, and each pair of neighbours: what one sentence of an answer may rest on. */
export function passageWindows(passage: string): Window[] {
  const sentences = splitSentences(passage);
  const singles = sentences.map(({ start, end }) => ({ start, end }));
  const pairs = sentences
    .slice(1)
    .map(({ end }, index) => ({ start: singles[index]?.start ?? 0, end }));
  return [...singles, ...pairs].map((span) => ({
    ...span,
    text: passage.slice(span.start, span.end).replace(/\s+/g, ' '),
  }));
}
