import { stem } from './stem.ts';
import { isStopWord, type Language } from './stop-words.ts';

export type Word = {
  /** As written, normalised (NFKC). */
  readonly text: string;
  readonly stem: string;
  readonly start: number;
};

const WORD = /[\p{L}\p{N}]+(?:[-'’/][\p{L}\p{N}]+)*/gu;

/** Every word of the text with its stem, stop words included. */
export function allWords(text: string): Word[] {
  return [...text.matchAll(WORD)].map((match) => {
    const written = match[0].normalize('NFKC');
    return { text: written, stem: stem(written.toLowerCase()), start: match.index };
  });
}

/** The words that carry content: no stop words, no bare numbers (those are facts), no single letters. */
export function contentWords(text: string, language: Language | null): Word[] {
  return allWords(text).filter(({ text: word }) => {
    const lower = word.toLowerCase();
    return lower.length > 1 && !/^\d+$/.test(lower) && !isStopWord(lower, language);
  });
}
