import type { RequestContext } from '../../platform/index.ts';
import { findSecret } from './repo.ts';
import { placeOfSecret } from './secret-place.ts';

/** What a connection shows its directory; null where it has nothing. */
export async function openSecret(
  ctx: RequestContext,
  connectionId: string,
): Promise<string | null> {
  const stored = await ctx.inControl((tx) => findSecret(tx, connectionId));
  if (stored === null) return null;
  const fields = await ctx.openPlatformFields();
  return fields.decrypt(placeOfSecret(connectionId), stored);
}
