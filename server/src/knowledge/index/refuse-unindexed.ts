import { AppError, type TenantTx } from '../../platform/index.ts';
import { isIndexed, readIndexProgress } from '../repo/search-index.ts';

/**
 * In the transaction of a search of a tenant that holds its own seal, before it: a part of the index
 * would make what the documents say look as if it were not there.
 * @throws AppError search_rebuilding until every passage can be found
 */
export async function refuseUnindexed(tx: TenantTx): Promise<void> {
  if (await isIndexed(tx)) return;
  const { done, total } = await readIndexProgress(tx);
  const progress = total === 0 ? '' : ` (${done} of ${total} passages can be found again)`;
  throw new AppError(
    'search_rebuilding',
    `The search of this tenant is being rebuilt since it was opened${progress}. Wait a moment, then ask again`,
    { retryAfterSeconds: 5 },
  );
}
