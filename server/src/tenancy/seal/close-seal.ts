import { recordOnPlatform } from '../../audit/index.ts';
import { AppError, type RequestContext } from '../../platform/index.ts';
import { sealNamespace } from './namespace.ts';
import { dropIndex, markSealed } from './repo.ts';
import { requireSeal } from './require-seal.ts';

/**
 * Seals a tenant: the key service throws its key away, every process its cached keys, proofs and
 * streams (they hear of the new state), and the database its search index.
 *
 * @throws AppError not_allowed_now when it is sealed or was never opened
 */
export async function closeSeal(ctx: RequestContext, tenantId: string): Promise<void> {
  const seal = await ctx.inControl((tx) => requireSeal(tx, tenantId));
  if (seal.sealedAt !== null) throw new AppError('not_allowed_now', 'This tenant is sealed');
  await sealNamespace(ctx.platform.vault, tenantId);
  await ctx.inControl(async (tx) => {
    if (!(await markSealed(tx, { tenantId, reason: 'person' }))) return;
    await recordOnPlatform(tx, ctx, {
      action: 'seal.close',
      resourceType: 'tenant',
      resourceId: tenantId,
      tenantId,
    });
  });
  // After the state is known everywhere: what still reads the index ends, and then lets go of it.
  await ctx.inControl((tx) => dropIndex(tx, tenantId));
}
