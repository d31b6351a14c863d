import { recordOnPlatform } from '../../audit/index.ts';
import { AppError, type RequestContext } from '../../platform/index.ts';
import { endKey, findKeyTenant, listPlatformKeys, type PlatformKeyRow } from './repo.ts';

/** Keys of all tenants or of one; those that have ended only with `all`. */
export function listAllKeys(
  ctx: RequestContext,
  wish: { tenantId: string | null; all: boolean },
): Promise<PlatformKeyRow[]> {
  return ctx.inControl((tx) => listPlatformKeys(tx, wish));
}

/** Ends a key of any tenant, for whoever runs the host. */
export async function revokeAnyKey(
  ctx: RequestContext,
  keyId: string,
): Promise<{ id: string; revoked: boolean }> {
  return ctx.inControl(async (tx) => {
    const tenantId = await findKeyTenant(tx, keyId);
    if (tenantId === undefined) throw new AppError('not_found', 'No such API key');
    const revoked = await endKey(tx, { tenantId, keyId });
    if (revoked)
      await recordOnPlatform(tx, ctx, {
        action: 'api_key.revoke',
        resourceType: 'api_key',
        resourceId: keyId,
        tenantId,
      });
    return { id: keyId, revoked };
  });
}
