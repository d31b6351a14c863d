import type { RequestContext } from '../platform/index.ts';

/** A passage that the knowledge room found; `app` hands its search in. */
export type SearchHit = {
  readonly chunkId: string;
  readonly documentId: string;
  readonly documentName: string;
  readonly headings: readonly string[];
  readonly page: number | null;
  readonly text: string;
  readonly score: number;
};

export type SearchKnowledge = (
  ctx: RequestContext,
  search: { query: string; limit: number },
) => Promise<readonly SearchHit[]>;

/** Documents of the tenant that were uploaded and cannot be found yet. */
export type CountUnread = (ctx: RequestContext) => Promise<number>;

/** What stands around a passage: its document's name without the ending, and its headings. */
export function contextOf(hit: Pick<SearchHit, 'documentName' | 'headings'>): string {
  return [
    hit.documentName.replace(/\.[a-z0-9]{1,5}$/i, '').replace(/[-_]+/g, ' '),
    ...hit.headings,
  ].join('\n');
}
