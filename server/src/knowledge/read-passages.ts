import type { RequestContext } from '../platform/index.ts';
import { places } from './field-places.ts';
import { openPassage } from './open-texts.ts';
import { findPassages, type Passage } from './repo/passages.ts';

/** Passages with their neighbours, in no order; those that are gone are missing. */
export async function readPassages(
  ctx: RequestContext,
  chunkIds: readonly string[],
): Promise<Passage[]> {
  const texts = await ctx.openTexts();
  const rows = await ctx.readTenant((tx) => findPassages(tx, chunkIds));
  return rows.map(({ beforeId, afterId, ...row }) => ({
    ...openPassage(texts, row),
    before: row.before === null ? null : texts.decrypt(places.text(beforeId ?? ''), row.before),
    after: row.after === null ? null : texts.decrypt(places.text(afterId ?? ''), row.after),
  }));
}
