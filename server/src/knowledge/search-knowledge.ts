import type { RequestContext } from '../platform/index.ts';
import { refuseUnindexed } from './index/refuse-unindexed.ts';
import { openPassage } from './open-texts.ts';
import { countUnread } from './repo/documents.ts';
import { findCurrentModel, type EmbeddingModel } from './repo/embeddings.ts';
import { searchChunks, type SearchHit } from './search/search-chunks.ts';

export type KnowledgeSearch = { readonly query: string; readonly limit: number };

/** Hits, best first, and how long the question's vector and the search itself took. */
export type Found = {
  readonly hits: SearchHit[];
  readonly milliseconds: { readonly embedding: number; readonly search: number };
};

/** A question must not wait long for a model that is busy: words alone answer too. */
const PATIENCE_MS = 5_000;

/**
 * The tenant's best passages for a question. The question's vector is made before the
 * transaction; without the model server the search goes by words alone.
 * @throws AppError search_rebuilding while the index of an unsealed tenant is not whole
 */
export async function searchKnowledge(
  ctx: RequestContext,
  search: KnowledgeSearch,
): Promise<SearchHit[]> {
  return (await searchTimed(ctx, search)).hits;
}

/** The same with its times. */
export async function searchTimed(
  ctx: RequestContext,
  { query, limit }: KnowledgeSearch,
): Promise<Found> {
  if (query.trim() === '') return { hits: [], milliseconds: { embedding: 0, search: 0 } };
  const texts = await ctx.openTexts();
  const model = await ctx.readTenant(findCurrentModel);
  const started = performance.now();
  const queryEmbedding = model ? await embedQuery(ctx, model, query) : null;
  const embedded = performance.now();
  const stored = await ctx.inTenant(async (tx) => {
    if (texts.tier === 'sealed') await refuseUnindexed(tx);
    return searchChunks(tx, { query, queryEmbedding, modelId: model?.id ?? 1, limit });
  });
  const milliseconds = { embedding: embedded - started, search: performance.now() - embedded };
  return { hits: stored.map((hit) => openPassage(texts, hit)), milliseconds };
}

/** Documents that were uploaded and cannot be found yet. */
export function countUnreadDocuments(ctx: RequestContext): Promise<number> {
  return ctx.readTenant(countUnread);
}

async function embedQuery(
  ctx: RequestContext,
  { name, dimensions }: EmbeddingModel,
  query: string,
): Promise<number[] | null> {
  try {
    const patience = AbortSignal.any([ctx.signal, AbortSignal.timeout(PATIENCE_MS)]);
    const [vector] = await ctx.platform.models.embed(name, [query], patience);
    if (vector?.length === dimensions) return vector;
    ctx.log.warn('searching by words alone: the model gives other dimensions', { model: name });
  } catch (error) {
    ctx.signal.throwIfAborted();
    ctx.log.warn('searching by words alone: the question has no vector', { error });
  }
  return null;
}
