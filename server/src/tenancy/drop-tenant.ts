import { recordOnPlatform } from '../audit/index.ts';
import { AppError, enqueueProvisioning, type RequestContext } from '../platform/index.ts';
import { askForState, lockTenant } from './repo/tenants.ts';

/** Closes a tenant at once and asks the provisioner to remove its schema, role and key. */
export async function dropTenant(ctx: RequestContext, id: string): Promise<void> {
  await ctx.inControl(async (tx) => {
    const tenant = await lockTenant(tx, id);
    if (!tenant) throw new AppError('not_found', 'No such tenant');
    await askForState(tx, { id, state: 'dropping' });
    await enqueueProvisioning(tx, { kind: 'tenant.drop', tenantId: id });
    await recordOnPlatform(tx, ctx, {
      action: 'tenant.drop',
      resourceType: 'tenant',
      resourceId: id,
      tenantId: id,
      before: { state: tenant.state },
    });
  });
}
