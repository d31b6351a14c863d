import { recordOnPlatform } from '../../audit/index.ts';
import { AppError, type RequestContext } from '../../platform/index.ts';
import { sealNamespace } from './namespace.ts';
import { dropIndex, markSealed } from './repo.ts';
import { requireSeal } from './require-seal.ts';

/**
 * Seals a tenant: every process throws away its cached keys, proofs and streams (they hear of the new
 * state), the key service its key, and the database its search index. The state comes first: with the
 * key service away the tenant is closed all the same, and the watch seals its namespace later.
 *
 * @throws AppError not_allowed_now when it is sealed or was never opened
 */
export async function closeSeal(ctx: RequestContext, tenantId: string): Promise<void> {
  const seal = await ctx.inControl((tx) => requireSeal(tx, tenantId));
  if (seal.sealedAt !== null) throw new AppError('not_allowed_now', 'This tenant is sealed');
  await ctx.inControl(async (tx) => {
    if (!(await markSealed(tx, { tenantId, reason: 'person' }))) return;
    await recordOnPlatform(tx, ctx, {
      action: 'seal.close',
      resourceType: 'tenant',
      resourceId: tenantId,
      tenantId,
    });
  });
  try {
    await sealNamespace(ctx.platform.vault, tenantId);
  } finally {
    // After the state is known everywhere: what still reads the index ends, and then lets go of it.
    await ctx.inControl((tx) => dropIndex(tx, tenantId));
  }
}
