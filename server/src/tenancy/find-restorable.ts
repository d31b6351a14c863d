import { AppError, type RequestContext } from '../platform/index.ts';
import { findDeletedTenant } from './repo/deletions.ts';
import { findTenantByName, type Tenant } from './repo/tenants.ts';

/**
 * A tenant that a backup may be brought back into, or a copy made of: it is there, and its key is.
 * Throws not_allowed_now for one that was deleted, whose key is destroyed, or that holds its own seal.
 */
export async function findRestorable(ctx: RequestContext, nameOrId: string): Promise<Tenant> {
  const [tenant, deleted] = await ctx.inControl((tx) =>
    Promise.all([findTenantByName(tx, nameOrId), findDeletedTenant(tx, nameOrId)]),
  );
  const isDeleted = deleted !== undefined && (!tenant || deleted.tenantId === tenant.id);
  if (isDeleted)
    throw new AppError(
      'not_allowed_now',
      `${deleted.name} was deleted on ${deleted.deletedAt.toISOString().slice(0, 10)} and its key destroyed: no backup brings it back`,
    );
  if (!tenant) throw new AppError('not_found', `No such tenant: ${nameOrId}`);
  if (tenant.tier === 'sealed')
    throw new AppError(
      'not_allowed_now',
      `${tenant.name} holds its own seal: it is restored with the whole appliance only`,
    );
  if (tenant.state !== 'active' && tenant.state !== 'suspended')
    throw new AppError('not_allowed_now', `${tenant.name} is ${tenant.state}, and not open`);
  return tenant;
}
