import { recordOnPlatform } from '../audit/index.ts';
import { enqueueProvisioning, newId, type RequestContext } from '../platform/index.ts';
import { nameTaken } from './change-tenant.ts';
import { findTenant, insertTenant, type Language, type Tenant } from './repo/tenants.ts';
import { nameCustodian, type NamedCustodian } from './seal/custodians.ts';

type Wish = {
  /** Of a caller who has written it down before. */
  id?: string;
  name: string;
  language: Language;
  purpose?: Tenant['purpose'];
  /** `sealed`: it is built once its key holder has opened it for the first time. */
  tier?: Tenant['tier'];
  /** Who makes and takes the key shares of a tenant of the sealed tier; nobody else ever does. */
  custodian?: NamedCustodian | undefined;
};

/**
 * Reserves a tenant and asks the provisioner to build it; it is `provisioning` until then. Throws
 * already_exists when another has its name.
 */
export async function createTenant(ctx: RequestContext, wish: Wish): Promise<Tenant> {
  const { id = newId() } = wish;
  return ctx
    .inControl(async (tx) => {
      const { purpose = 'tenant', tier = 'standard' } = wish;
      await insertTenant(tx, { ...wish, id, purpose, tier, createdBy: ctx.actor.accountId });
      const { custodian } = wish;
      if (custodian) await nameCustodian(tx, { ...custodian, tenantId: id });
      if (tier === 'standard')
        await enqueueProvisioning(tx, { kind: 'tenant.create', tenantId: id });
      await recordOnPlatform(tx, ctx, {
        action: 'tenant.create',
        resourceType: 'tenant',
        resourceId: id,
        tenantId: id,
        after: {
          ...{ language: wish.language, purpose, tier },
          ...(custodian && { custodian: custodian.auditId, operator: custodian.operator }),
        },
      });
      const tenant = await findTenant(tx, id);
      if (!tenant) throw new Error('the tenant vanished while it was made');
      return tenant;
    })
    .catch(nameTaken);
}
