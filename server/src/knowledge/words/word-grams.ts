export const GRAM_LENGTH = 5;
export const GRAM_EDGE = '_';

/**
 * The runs of five characters in a word with its edges marked; a short word is one run. Words of one
 * stem, and compounds that share a part, share runs in every language (McNamee and Mayfield,
 * "Character N-Gram Tokenization for European Language Text Retrieval", 2004).
 */
export function wordGrams(word: string): string[] {
  const marked = GRAM_EDGE + word + GRAM_EDGE;
  if (marked.length <= GRAM_LENGTH) return [marked];
  const grams: string[] = [];
  for (let at = 0; at + GRAM_LENGTH <= marked.length; at++)
    grams.push(marked.slice(at, at + GRAM_LENGTH));
  return grams;
}
