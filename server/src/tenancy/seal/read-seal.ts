import { AppError, type RequestContext, type VaultClient } from '../../platform/index.ts';
import { findCustodian, type Custodian } from './custodians.ts';
import { readSealStatus } from './namespace.ts';
import { listSeals, type Seal, type SealReason } from './repo.ts';
import { requireSeal } from './require-seal.ts';

export type SealView = {
  readonly tenantId: string;
  readonly name: string;
  readonly state: string;
  readonly sealed: boolean;
  readonly since: Date | null;
  /** Why it is sealed: never opened yet, by a person, or found so because the key service restarted. */
  readonly reason: SealReason | null;
  /** Of the key service; null while it does not answer, or before the shares were made. */
  readonly shares: { readonly all: number; readonly needed: number; readonly given: number } | null;
  /** `dropped` while sealed, `building` until every passage is searchable again. */
  readonly index: 'dropped' | 'building' | 'whole';
  /** Since when the model server may hold prompts of it although it is sealed; null when it holds none. */
  readonly promptsLeftSince: Date | null;
  /** Who makes and takes the shares; null when it was made before one was named. */
  readonly custodian: Custodian | null;
};

/** @throws AppError not_allowed_now for a tenant of the standard tier */
export async function readSeal(ctx: RequestContext, tenantId: string): Promise<SealView> {
  const seal = await ctx.inControl((tx) => requireSeal(tx, tenantId));
  return viewOf(ctx, seal);
}

/** Every tenant that holds its own seal. */
export async function listSealViews(ctx: RequestContext): Promise<SealView[]> {
  const views: SealView[] = [];
  for (const seal of await ctx.inControl(listSeals)) views.push(await viewOf(ctx, seal));
  return views;
}

async function viewOf(ctx: RequestContext, seal: Seal): Promise<SealView> {
  const { tenantId, name, state, sealedAt, reason, indexedAt, promptsLeftSince } = seal;
  const status = reason === 'new' ? null : await statusOrNull(ctx.platform.vault, tenantId);
  const custodian = (await ctx.inControl((tx) => findCustodian(tx, tenantId))) ?? null;
  const sealed = sealedAt !== null || status?.sealed === true;
  return {
    tenantId,
    name,
    state,
    sealed,
    since: sealedAt,
    reason,
    shares: status && { all: status.shares, needed: status.threshold, given: status.given },
    index: sealed ? 'dropped' : indexedAt === null ? 'building' : 'whole',
    promptsLeftSince,
    custodian,
  };
}

async function statusOrNull(
  vault: VaultClient,
  tenantId: string,
): Promise<Awaited<ReturnType<typeof readSealStatus>> | null> {
  try {
    return await readSealStatus(vault, tenantId);
  } catch (error) {
    if (error instanceof AppError && error.code === 'unavailable') return null;
    throw error;
  }
}
