import { cosine } from '../grounding/cosine.ts';
import type { Embed, Passage } from '../grounding/check-answer.ts';
import { readQuestion } from '../relevance/question-evidence.ts';

export type Quote = { readonly n: number; readonly text: string; readonly score: number };

const MOST_QUOTES = 3;
const WINDOWS_PER_PASSAGE = 4;
/** A quote must come near the best one to stand beside it. */
const NEAR = 0.85;
/** Two sentences instead of one must earn it. */
const COST_OF_PAIR = 0.06;
const LONGEST = 500;

/**
 * The sentences of the passages that answer the question best, by words and embedding: at most one
 * window a passage, three in all, best first. Always at least one when there is a passage.
 */
export async function chooseQuotes(
  question: string,
  passages: readonly Passage[],
  embed: Embed,
): Promise<Quote[]> {
  const words = readQuestion(question);
  const windows = passages.flatMap(({ n, text }) =>
    words
      .rank(text)
      .slice(0, WINDOWS_PER_PASSAGE)
      .map((window) => ({ ...window, n })),
  );
  const vectors = await embed([question, ...windows.map(({ text }) => text)]);
  const scored = windows
    .map(({ n, text, share }, index) => {
      const similarity = vectors ? cosine(vectors[0], vectors[index + 1]) : share;
      const pair = /[.!?]\s+\p{Lu}/u.test(text) ? COST_OF_PAIR : 0;
      return { n, text, score: (share + similarity) / 2 - pair };
    })
    .sort((a, b) => b.score - a.score);
  const least = NEAR * (scored[0]?.score ?? 0);
  const taken = new Set<number>();
  return scored
    .filter(({ n, score }) => {
      if (score < least || taken.has(n)) return false;
      taken.add(n);
      return true;
    })
    .slice(0, MOST_QUOTES)
    .map((quote) => ({ ...quote, text: shorten(quote.text) }));
}

function shorten(text: string): string {
  if (text.length <= LONGEST) return text;
  return `${text.slice(0, text.lastIndexOf(' ', LONGEST))} …`;
}
