import { AppError, type RequestContext } from '../platform/index.ts';
import { findPassages, type Passage } from './repo/passages.ts';

/** One passage with its neighbours, for a citation that was opened. Throws not_found. */
export async function getPassage(ctx: RequestContext, chunkId: string): Promise<Passage> {
  const [passage] = await ctx.readTenant((tx) => findPassages(tx, [chunkId]));
  if (!passage) throw new AppError('not_found', 'No such passage: its document may be deleted');
  return passage;
}
