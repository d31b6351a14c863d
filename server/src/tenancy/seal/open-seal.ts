import { recordOnPlatform } from '../../audit/index.ts';
import { AppError, enqueueProvisioning, type RequestContext } from '../../platform/index.ts';
import { forgetShares, giveShare, readSealStatus, type SealStatus } from './namespace.ts';
import { findSeal, markOpen } from './repo.ts';
import { requireSeal } from './require-seal.ts';
import { countWrong, forgetWrong, refuseWhileBlocked } from './tries.ts';

/**
 * Gives key shares to the key service, which keeps those it got until there are enough; they are
 * written down nowhere. Once the tenant is open, its programs work again and its search index is
 * rebuilt; a new tenant is then built.
 *
 * @throws AppError invalid_input when a share is wrong (all given ones are forgotten), rate_limited
 *   after five wrong sets, not_allowed_now when it is open already
 */
export async function openSeal(
  ctx: RequestContext,
  { tenantId, shares }: { tenantId: string; shares: readonly string[] },
): Promise<SealStatus> {
  await ctx.inControl(async (tx) => {
    const seal = await requireSeal(tx, tenantId);
    if (seal.sealedAt === null) throw new AppError('not_allowed_now', 'This tenant is open');
    await refuseWhileBlocked(tx, tenantId);
  });
  const status = await giveAll(ctx, tenantId, shares);
  if (status.sealed) return status;
  await ctx.inControl(async (tx) => {
    const before = await findSeal(tx, tenantId);
    const state = await markOpen(tx, tenantId);
    if (state === undefined) return;
    await forgetWrong(tx, tenantId);
    if (state === 'provisioning' || state === 'failed')
      await enqueueProvisioning(tx, { kind: 'tenant.create', tenantId });
    await recordOnPlatform(tx, ctx, {
      action: 'seal.open',
      resourceType: 'tenant',
      resourceId: tenantId,
      tenantId,
      before: { reason: before?.reason ?? null },
    });
  });
  return status;
}

async function giveAll(
  ctx: RequestContext,
  tenantId: string,
  shares: readonly string[],
): Promise<SealStatus> {
  const { vault } = ctx.platform;
  let status = await readSealStatus(vault, tenantId);
  try {
    for (const share of shares) if (status.sealed) status = await giveShare(vault, tenantId, share);
    return status;
  } catch (error) {
    if (error instanceof AppError && error.code === 'invalid_input') {
      await forgetShares(vault, tenantId);
      await ctx.inControl(async (tx) => {
        await countWrong(tx, tenantId);
        await recordOnPlatform(tx, ctx, {
          action: 'seal.open',
          outcome: 'refused',
          resourceType: 'tenant',
          resourceId: tenantId,
          tenantId,
        });
      });
    }
    throw error;
  }
}
