import { lexemesOf } from '../words/lexemes-of.ts';
import { rarity } from '../words/rarity.ts';
import { wordGrams } from '../words/word-grams.ts';
import { matchGrams } from './match-grams.ts';
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
  const { numbers, weights } = weighGrams(question, frequencies);
  const gramsIn = matchGrams(numbers);
  const mean = passages.reduce((sum, { length }) => sum + length, 0) / (passages.length || 1);
  const counts = new Float64Array(weights.length);
  return passages.map((passage) => {
    counts.fill(0);
    for (const word of passage.split(' '))
      for (const gram of gramsIn(word)) counts[gram] = (counts[gram] ?? 0) + 1;
    const length = 1 - LENGTH_CORRECTION + (LENGTH_CORRECTION * passage.length) / (mean || 1);
    return weights.reduce((score, weight, gram) => {
      const count = counts[gram] ?? 0;
      return score + (weight * count * (SATURATION + 1)) / (count + SATURATION * length);
    }, 0);
  });
}

function weighGrams(question: readonly string[], frequencies: Frequencies) {
  const numbers = new Map<string, number>();
  const weights: number[] = [];
  for (const word of new Set(question)) {
    const grams = wordGrams(word);
    // By the root, a long word counts more than a short one, but not by its length.
    const weight = rarityOfWord(word, frequencies) / Math.sqrt(grams.length);
    for (const gram of grams) {
      const at = numbers.get(gram) ?? weights.length;
      numbers.set(gram, at);
      weights[at] = Math.max(weight, weights[at] ?? 0);
    }
  }
  return { numbers, weights };
}

/** A form that stands nowhere is as rare as the words that begin like it. */
function rarityOfWord(word: string, { holding, total }: Frequencies): number {
  const held = lexemesOf(word)
    .filter(({ kind }) => kind !== 'ending')
    .map(({ lexeme }) => holding.get(lexeme) ?? 0)
    .find((count) => count > 0);
  return rarity(held ?? 0, total);
}
