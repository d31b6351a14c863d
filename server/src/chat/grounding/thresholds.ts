/** How words and embedding are weighed. Fitted on one half of the labelled cases. */
export type Thresholds = {
  /** Weight of the words; the embedding weighs the rest. */
  readonly words: number;
  /** Least weighed score of a supported sentence. */
  readonly least: number;
  /** Least coverage when no embedder answers. */
  readonly leastWordsAlone: number;
};

export const FITTED: Thresholds = { words: 0.4, least: 0.68, leastWordsAlone: 0.7 };

/** `similarity` is null without an embedder: the words then weigh everything. */
export function scoreOf(
  { coverage, similarity }: { coverage: number; similarity: number | null },
  { words }: Thresholds,
): number {
  return similarity === null ? coverage : words * coverage + (1 - words) * Math.max(0, similarity);
}

export function leastScore(similarity: number | null, thresholds: Thresholds): number {
  return similarity === null ? thresholds.leastWordsAlone : thresholds.least;
}
