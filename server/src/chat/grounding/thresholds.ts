import type { Comparison } from './compare-sentence.ts';

/** How words and embedding are weighed. Fitted on one half of the labelled cases by `measure-cases.ts`. */
export type Thresholds = {
  /** Weight of the words; the embedding weighs the rest. */
  readonly words: number;
  /** Least weighed score of a supported sentence. */
  readonly least: number;
  /** Least coverage when no embedder answers. */
  readonly leastWordsAlone: number;
};

export const FITTED: Thresholds = { words: 0.4, least: 0.68, leastWordsAlone: 0.7 };

export function scoreOf(
  { coverage, similarity, fault }: Comparison,
  { words }: Thresholds,
): number {
  if (fault) return 0;
  return similarity === null ? coverage : words * coverage + (1 - words) * Math.max(0, similarity);
}

export function isSupported(comparison: Comparison, thresholds: Thresholds): boolean {
  const least = comparison.similarity === null ? thresholds.leastWordsAlone : thresholds.least;
  return comparison.fault === null && scoreOf(comparison, thresholds) >= least;
}
