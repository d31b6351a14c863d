const LENGTH = 5;
const EDGE = '_';

/**
 * The runs of five characters in a word with its edges marked; a short word is one run. Words of one
 * stem, and compounds that share a part, share runs in every language (McNamee and Mayfield,
 * "Character N-Gram Tokenization for European Language Text Retrieval", 2004).
 */
export function wordGrams(word: string): string[] {
  const marked = EDGE + word + EDGE;
  if (marked.length <= LENGTH) return [marked];
  const grams: string[] = [];
  for (let at = 0; at + LENGTH <= marked.length; at++) grams.push(marked.slice(at, at + LENGTH));
  return grams;
}
