import {
  FEATURE_NAMES,
  FEATURES,
  HIGHEST_LEVEL,
  levelNeeded,
  USUAL_LEVEL,
} from '../../access/index.ts';
import { recordOnPlatform } from '../../audit/index.ts';
import { AppError, type FeatureName, type RequestContext } from '../../platform/index.ts';
import type { IdentityParts } from '../parts.ts';
import { findLevels, setLevels } from './repo.ts';

type Parts = Pick<IdentityParts, 'rights'>;

export type FeatureLevels = {
  features: {
    name: FeatureName;
    title: string;
    usual: number;
    /** Null when the row was written by somebody else: the feature is refused to everybody. */
    needed: number | null;
  }[];
  highest: number;
  usual: number;
};

/** The access level that each feature needs in the tenant. */
export async function listFeatureLevels(
  ctx: RequestContext,
  { rights }: Parts,
  tenantId: string,
): Promise<FeatureLevels> {
  const row = await ctx.inControl((tx) => findLevels(tx, tenantId));
  const minimum = row && !rights.trustsFeatureLevels(row) ? null : (row?.minimum ?? {});
  return {
    features: FEATURE_NAMES.map((name) => ({
      name,
      title: FEATURES[name].title,
      usual: FEATURES[name].usual,
      needed: levelNeeded(name, { minimum }),
    })),
    highest: HIGHEST_LEVEL,
    usual: USUAL_LEVEL,
  };
}

/** Sets all of them at once; a feature that is not named has its usual level again. */
export async function setFeatureLevels(
  ctx: RequestContext,
  { rights }: Parts,
  { tenantId, minimum }: { tenantId: string; minimum: Partial<Record<FeatureName, number>> },
): Promise<void> {
  refuseHigher(ctx, Math.max(0, ...Object.values(minimum)));
  await ctx.inControl(async (tx) => {
    const before = await findLevels(tx, tenantId);
    const levels = { tenantId, minimum };
    await setLevels(tx, { ...levels, seal: rights.sealFeatureLevels(levels) });
    await recordOnPlatform(tx, ctx, {
      action: 'feature_levels.update',
      resourceType: 'tenant',
      resourceId: tenantId,
      tenantId,
      before: { ...before?.minimum },
      after: { ...minimum },
    });
  });
}

/** Nobody gives, or asks of others, more than they have. */
export function refuseHigher({ actor, standing }: RequestContext, level: number): void {
  if (actor.kind === 'system' || level <= (standing?.level ?? -1)) return;
  throw new AppError('forbidden', `Your own access level is ${standing?.level ?? 0}, no higher`);
}
