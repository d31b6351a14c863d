import { contentWords } from '../words/content-words.ts';
import { factsOf, type Facts } from '../words/facts.ts';
import type { Language } from '../words/stop-words.ts';

/** A text taken apart at most once, however often it is compared. */
export type ReadText = {
  readonly text: string;
  readonly stems: readonly string[];
  facts(): Facts;
};

export function readText(text: string, language: Language | null): ReadText {
  let facts: Facts | undefined;
  return {
    text,
    stems: [...new Set(contentWords(text, language).map(({ stem }) => stem))],
    facts: () => (facts ??= factsOf(text, language)),
  };
}
