import type { RequestContext } from '../../platform/index.ts';
import type { Embed } from '../grounding/check-answer.ts';
import { judgeRelevance, type Relevance } from '../relevance/judge-relevance.ts';
import { contextOf, type SearchHit, type SearchKnowledge } from '../search-knowledge.ts';

const MOST_HITS = 8;

export type Found = Relevance & {
  readonly hits: readonly SearchHit[];
  readonly milliseconds: number;
};

/** Searches the tenant's knowledge and judges whether it can answer at all. */
export async function findSources(
  ctx: RequestContext,
  { query, search, embed }: { query: string; search: SearchKnowledge; embed: Embed },
): Promise<Found> {
  const started = performance.now();
  const hits = await search(ctx, { query, limit: MOST_HITS });
  const sources = hits.map((hit) => ({ text: hit.text, context: contextOf(hit) }));
  const relevance = await judgeRelevance(query, sources, embed);
  return { ...relevance, hits, milliseconds: Math.round(performance.now() - started) };
}
