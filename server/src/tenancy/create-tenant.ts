import { recordOnPlatform } from '../audit/index.ts';
import { enqueueProvisioning, newId, type RequestContext } from '../platform/index.ts';
import { nameTaken } from './change-tenant.ts';
import { findTenant, insertTenant, type Language, type Tenant } from './repo/tenants.ts';

type Wish = { name: string; language: Language; purpose?: Tenant['purpose'] };

/**
 * Reserves a tenant and asks the provisioner to build it; it is `provisioning` until then. Throws
 * already_exists when another has its name.
 */
export async function createTenant(ctx: RequestContext, wish: Wish): Promise<Tenant> {
  const id = newId();
  return ctx
    .inControl(async (tx) => {
      const purpose = wish.purpose ?? 'tenant';
      await insertTenant(tx, { ...wish, id, purpose, createdBy: ctx.actor.accountId });
      await enqueueProvisioning(tx, { kind: 'tenant.create', tenantId: id });
      await recordOnPlatform(tx, ctx, {
        action: 'tenant.create',
        resourceType: 'tenant',
        resourceId: id,
        tenantId: id,
        after: { language: wish.language, purpose },
      });
      const tenant = await findTenant(tx, id);
      if (!tenant) throw new Error('the tenant vanished while it was made');
      return tenant;
    })
    .catch(nameTaken);
}
