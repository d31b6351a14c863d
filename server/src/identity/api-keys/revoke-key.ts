import { may } from '../../access/index.ts';
import { recordOnPlatform } from '../../audit/index.ts';
import { AppError, type RequestContext } from '../../platform/index.ts';
import { endKey, findKey } from './repo.ts';

/**
 * Ends a key: one's own, or any of the tenant for whoever manages them. It opens nothing two seconds
 * later, and requests that it began end. Once more changes nothing.
 */
export async function revokeKey(ctx: RequestContext, keyId: string): Promise<void> {
  const tenantId = ctx.tenantId ?? '';
  await ctx.inControl(async (tx) => {
    const key = await findKey(tx, { tenantId, keyId });
    const own = key?.owner.id === ctx.actor.accountId;
    if (!key || !(own || may(ctx.standing, 'api-keys.manage')))
      throw new AppError('not_found', 'No such API key');
    if (!(await endKey(tx, { tenantId, keyId }))) return;
    await recordOnPlatform(tx, ctx, {
      action: 'api_key.revoke',
      resourceType: 'api_key',
      resourceId: keyId,
      tenantId,
    });
  });
}
