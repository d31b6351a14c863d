import { GRAM_EDGE, GRAM_LENGTH, wordGrams } from '../words/word-grams.ts';

const BITS = 16;
const MASK = 2 ** BITS - 1;
const EDGE = GRAM_EDGE.charCodeAt(0);
const NONE: readonly number[] = [];

/**
 * Makes a function that finds which known runs stand in a word, by their numbers. A search asks it
 * thousands of words, of which few share anything: a table of hashes turns those away without
 * taking them apart (a Bloom filter of one hash).
 */
export function matchGrams(
  numbers: ReadonlyMap<string, number>,
): (word: string) => readonly number[] {
  const maybe = new Uint8Array(2 ** BITS);
  for (const gram of numbers.keys()) if (gram.length === GRAM_LENGTH) maybe[hashAt(gram, 0)] = 1;
  const known = new Map<string, readonly number[]>();
  const find = (word: string): readonly number[] => {
    if (word.length + 2 > GRAM_LENGTH && !mayMatch(word, maybe)) return NONE;
    return wordGrams(word).flatMap((gram) => numbers.get(gram) ?? []);
  };
  return (word) => {
    let found = known.get(word);
    if (found === undefined) known.set(word, (found = find(word)));
    return found;
  };
}

/** False only when no run of the word, its edges included, has the hash of a known one. */
function mayMatch(word: string, maybe: Uint8Array): boolean {
  for (let at = -1; at + GRAM_LENGTH <= word.length + 1; at += 1)
    if (maybe[hashAt(word, at)] === 1) return true;
  return false;
}

/** Hash of the run that begins at `at`; before the word and after it stands its edge. */
function hashAt(text: string, at: number): number {
  let hash = 0;
  for (let next = at; next < at + GRAM_LENGTH; next += 1) {
    const code = next < 0 || next >= text.length ? EDGE : text.charCodeAt(next);
    hash = (hash * 31 + code) & MASK;
  }
  return hash;
}
