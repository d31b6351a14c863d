import { AppError, type RequestContext } from '../platform/index.ts';
import { readPassages } from './read-passages.ts';
import type { Passage } from './repo/passages.ts';

/** One passage with its neighbours, for a citation that was opened. Throws not_found. */
export async function getPassage(ctx: RequestContext, chunkId: string): Promise<Passage> {
  const [passage] = await readPassages(ctx, [chunkId]);
  if (!passage) throw new AppError('not_found', 'No such passage: its document may be deleted');
  return passage;
}
