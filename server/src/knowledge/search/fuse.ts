import type { Candidate } from '../repo/search.ts';

export type Scored = { readonly chunkId: string; readonly score: number };

/** What nearness in meaning adds, against 1 for the best match in words. */
const MEANING = 0.6;

/**
 * One score from words and meaning: words are measured against the best candidate, meaning is the
 * cosine as it is, so that a model that knows nothing of a language changes little there. (Reciprocal
 * ranks, the usual fusion, let such a model outvote the words.)
 *
 * @returns best first; equal scores keep the order of their ids, so that answers repeat
 */
export function fuse(candidates: readonly Candidate[], words: readonly number[]): Scored[] {
  const most = Math.max(...words, Number.MIN_VALUE);
  return candidates
    .map(({ chunkId, nearness }, at) => ({
      chunkId,
      score: (words[at] ?? 0) / most + MEANING * (nearness ?? 0),
    }))
    .sort((left, right) => right.score - left.score || (left.chunkId < right.chunkId ? -1 : 1));
}
