import { lexemesOf } from '../words/lexemes-of.ts';
import { rarity } from '../words/rarity.ts';
import { wordGrams } from '../words/word-grams.ts';
import type { Frequencies } from './choose-terms.ts';

/** BM25's usual saturation of repeated runs, and its correction for long passages. */
const SATURATION = 1.2;
const LENGTH_CORRECTION = 0.6;

/**
 * Scores passages against a question by the character runs they share: BM25 over runs, where a
 * run weighs as much as the word it comes from is rare.
 *
 * @param passages the words of each candidate, separated by spaces
 * @returns one score per passage, 0 where nothing is shared
 */
export function scoreWords(
  question: readonly string[],
  passages: readonly string[],
  frequencies: Frequencies,
): number[] {
  const { index, weights } = weighGrams(question, frequencies);
  const gramsOf = memoise((word) => wordGrams(word).flatMap((gram) => index.get(gram) ?? []));
  const mean = passages.reduce((sum, { length }) => sum + length, 0) / (passages.length || 1);
  const counts = new Float64Array(weights.length);
  return passages.map((passage) => {
    counts.fill(0);
    for (const word of passage.split(' '))
      for (const gram of gramsOf(word)) counts[gram] = (counts[gram] ?? 0) + 1;
    const length = 1 - LENGTH_CORRECTION + (LENGTH_CORRECTION * passage.length) / (mean || 1);
    return weights.reduce((score, weight, gram) => {
      const count = counts[gram] ?? 0;
      return score + (weight * count * (SATURATION + 1)) / (count + SATURATION * length);
    }, 0);
  });
}

function weighGrams(question: readonly string[], frequencies: Frequencies) {
  const index = new Map<string, number>();
  const weights: number[] = [];
  for (const word of new Set(question)) {
    const grams = wordGrams(word);
    // By the root, a long word counts more than a short one, but not by its length.
    const weight = rarityOfWord(word, frequencies) / Math.sqrt(grams.length);
    for (const gram of grams) {
      const at = index.get(gram) ?? weights.length;
      index.set(gram, at);
      weights[at] = Math.max(weight, weights[at] ?? 0);
    }
  }
  return { index, weights };
}

/** A form that stands nowhere is as rare as the words that begin like it. */
function rarityOfWord(word: string, { holding, total }: Frequencies): number {
  const held = lexemesOf(word)
    .filter(({ kind }) => kind !== 'ending')
    .map(({ lexeme }) => holding.get(lexeme) ?? 0)
    .find((count) => count > 0);
  return rarity(held ?? 0, total);
}

function memoise<T>(compute: (word: string) => T): (word: string) => T {
  const known = new Map<string, T>();
  return (word) => {
    const held = known.get(word);
    if (held !== undefined) return held;
    const made = compute(word);
    known.set(word, made);
    return made;
  };
}
