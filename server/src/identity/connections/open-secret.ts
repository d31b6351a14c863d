import type { RequestContext } from '../../platform/index.ts';
import { placeOfSecret } from './change-connections.ts';
import { findSecret } from './repo.ts';

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
