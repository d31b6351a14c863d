import type { TenantTx } from '../../platform/index.ts';
import {
  findByVector,
  findByWords,
  readFrequencies,
  readHits,
  type Candidate,
  type Hit,
} from '../repo/search.ts';
import { lexemesOf } from '../words/lexemes-of.ts';
import { splitWords } from '../words/split-words.ts';
import { chooseTerms, MOST_ENTRIES } from './choose-terms.ts';
import { fuse } from './fuse.ts';
import { scoreWords } from './score-words.ts';

export type SearchHit = Hit & { readonly score: number };
/** With its texts as they are stored. */
export type StoredHit = SearchHit & { readonly sealedHeadings: string | null };

export type ChunkSearch = {
  readonly query: string;
  /** The question's vector by the model `modelId`; null while the model is away: words alone. */
  readonly queryEmbedding: readonly number[] | null;
  readonly modelId: number;
  /** How many passages to give at most. */
  readonly limit: number;
};

const BY_WORDS = 64;
const BY_VECTOR = 32;
/** Longer questions are cut: a search must not grow with what somebody pastes. */
const MOST_WORDS = 64;

/**
 * The tenant's passages that best answer a question, best first, by words and by meaning. Bounded:
 * it looks at no more than a few thousand index entries and 96 passages, however many there are.
 */
export async function searchChunks(tx: TenantTx, search: ChunkSearch): Promise<StoredHit[]> {
  const words = [...new Set(splitWords(search.query))].slice(0, MOST_WORDS);
  const lexemes = words.flatMap((word) => lexemesOf(word).map(({ lexeme }) => lexeme));
  const frequencies = await readFrequencies(tx, lexemes);
  const terms = chooseTerms(words, frequencies);
  const vector = search.queryEmbedding && `[${search.queryEmbedding.join(',')}]`;
  const { modelId } = search;
  const found = await Promise.all([
    terms.length > 0
      ? findByWords(tx, { terms, vector, modelId, limit: BY_WORDS, entries: MOST_ENTRIES })
      : [],
    vector !== null ? findByVector(tx, { vector, modelId, limit: BY_VECTOR }) : [],
  ]);
  const candidates = unite(found.flat());
  const scores = scoreWords(
    words,
    candidates.map((candidate) => candidate.words),
    frequencies,
  );
  const best = fuse(candidates, scores).slice(0, search.limit);
  const hits = await readHits(
    tx,
    best.map(({ chunkId }) => chunkId),
  );
  const byId = new Map(hits.map((hit) => [hit.chunkId, hit]));
  return best.flatMap(({ chunkId, score }) => {
    const hit = byId.get(chunkId);
    return hit ? [{ ...hit, score }] : [];
  });
}

function unite(candidates: readonly Candidate[]): Candidate[] {
  return [...new Map(candidates.map((candidate) => [candidate.chunkId, candidate])).values()];
}
