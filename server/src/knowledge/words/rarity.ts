/**
 * How much a lexeme tells: the inverse document frequency of BM25 (Robertson and Zaragoza, "The
 * Probabilistic Relevance Framework", 2009), never negative.
 *
 * @param holding in how many passages it stands
 * @param total how many passages there are
 */
export function rarity(holding: number, total: number): number {
  const held = Math.min(holding, total);
  return Math.log(1 + (total - held + 0.5) / (held + 0.5));
}
