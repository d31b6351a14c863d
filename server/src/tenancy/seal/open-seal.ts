import { recordOnPlatform } from '../../audit/index.ts';
import {
  AppError,
  enqueueProvisioning,
  type ControlTx,
  type RequestContext,
} from '../../platform/index.ts';
import {
  forgetShares,
  giveShare,
  readSealStatus,
  sealNamespace,
  type SealStatus,
} from './namespace.ts';
import { lockSeal, markOpen, type Seal } from './repo.ts';
import { requireSeal } from './require-seal.ts';
import { countWrong, forgetWrong, refuseWhileBlocked } from './tries.ts';

/**
 * Gives key shares to the key service, which keeps those it got until there are enough; they are
 * written down nowhere. Once the tenant is open, its programs work again and its search index is
 * rebuilt; a new tenant is then built. Who opens or seals a tenant at the same time takes turns.
 *
 * @throws AppError invalid_input when a share is wrong (all given ones are forgotten), rate_limited
 *   after five wrong sets, not_allowed_now when it is open already
 */
export async function openSeal(
  ctx: RequestContext,
  { tenantId, shares }: { tenantId: string; shares: readonly string[] },
): Promise<SealStatus> {
  const given = await ctx.inControl(async (tx) => {
    await lockSeal(tx, tenantId);
    const seal = await requireSeal(tx, tenantId);
    if (seal.sealedAt === null) throw new AppError('not_allowed_now', 'This tenant is open');
    await refuseWhileBlocked(tx, tenantId);
    try {
      const status = await giveAll(ctx, tenantId, shares);
      if (!status.sealed) await noteOpen(tx, ctx, seal);
      return { status };
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'invalid_input') throw error;
      await noteWrong(tx, ctx, tenantId);
      // Told after the commit: the count stays.
      return { error };
    }
  });
  if ('error' in given) throw given.error;
  return given.status;
}

async function giveAll(
  { platform: { vault } }: RequestContext,
  tenantId: string,
  shares: readonly string[],
): Promise<SealStatus> {
  let status = await readSealStatus(vault, tenantId);
  if (!status.sealed) {
    // Sealed while the key service was away: only shares open it, not what was left open.
    await sealNamespace(vault, tenantId);
    status = await readSealStatus(vault, tenantId);
  }
  for (const share of shares) if (status.sealed) status = await giveShare(vault, tenantId, share);
  return status;
}

async function noteOpen(
  tx: ControlTx,
  ctx: RequestContext,
  { tenantId, reason }: Seal,
): Promise<void> {
  const state = await markOpen(tx, tenantId);
  await forgetWrong(tx, tenantId);
  if (state === 'provisioning' || state === 'failed')
    await enqueueProvisioning(tx, { kind: 'tenant.create', tenantId });
  await recordOnPlatform(tx, ctx, {
    action: 'seal.open',
    resourceType: 'tenant',
    resourceId: tenantId,
    tenantId,
    before: { reason },
  });
}

async function noteWrong(tx: ControlTx, ctx: RequestContext, tenantId: string): Promise<void> {
  await forgetShares(ctx.platform.vault, tenantId);
  await countWrong(tx, tenantId);
  await recordOnPlatform(tx, ctx, {
    action: 'seal.open',
    outcome: 'refused',
    resourceType: 'tenant',
    resourceId: tenantId,
    tenantId,
  });
}
