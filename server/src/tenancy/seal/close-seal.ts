import { recordOnPlatform } from '../../audit/index.ts';
import { AppError, type Platform, type RequestContext } from '../../platform/index.ts';
import { sealNamespace } from './namespace.ts';
import { dropIndex, findSeal, lockSeal, markSealed } from './repo.ts';
import { requireSeal } from './require-seal.ts';

/**
 * Seals a tenant: every process throws away its cached keys, proofs and streams (they hear of the new
 * state), the key service its key, and the database its search index. The state comes first, and is
 * what closes it: with the key service away the tenant is sealed all the same, and the watch seals
 * its namespace once the key service is back.
 *
 * @throws AppError not_allowed_now when it is sealed or was never opened
 */
export async function closeSeal(ctx: RequestContext, tenantId: string): Promise<void> {
  await ctx.inControl(async (tx) => {
    await lockSeal(tx, tenantId);
    const seal = await requireSeal(tx, tenantId);
    if (seal.sealedAt !== null) throw new AppError('not_allowed_now', 'This tenant is sealed');
    await markSealed(tx, { tenantId, reason: 'person' });
    await recordOnPlatform(tx, ctx, {
      action: 'seal.close',
      resourceType: 'tenant',
      resourceId: tenantId,
      tenantId,
    });
  });
  await finish(ctx, 'its namespace', () => sealIfMarked(ctx.platform, tenantId));
  // After the state is known everywhere: what still reads the index ends, and then lets go of it.
  await finish(ctx, 'its index', () => ctx.inControl((tx) => dropIndex(tx, tenantId)));
}

/** The namespace of a tenant that counts as sealed; not of one that was opened meanwhile. */
export function sealIfMarked(
  { db, vault }: Pick<Platform, 'db' | 'vault'>,
  tenantId: string,
): Promise<void> {
  return db.inControl(async (tx) => {
    await lockSeal(tx, tenantId);
    const seal = await findSeal(tx, tenantId);
    if (seal && seal.sealedAt !== null) await sealNamespace(vault, tenantId);
  });
}

/** Nobody is told that it failed to close what is closed: the watch does the rest. */
async function finish(ctx: RequestContext, what: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    ctx.log.warn('a tenant is sealed; the watch closes what is left', { what, error });
  }
}
