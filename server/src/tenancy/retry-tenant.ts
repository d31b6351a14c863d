import { enqueueProvisioning, type RequestContext } from '../platform/index.ts';
import { changeTenant } from './change-tenant.ts';
import { askForState, type Tenant } from './repo/tenants.ts';

/** Asks the provisioner once more for a tenant that it could not build. */
export function retryTenant(ctx: RequestContext, id: string): Promise<Tenant> {
  return changeTenant(ctx, id, {
    verb: 'retry',
    before: ({ state }) => ({ state }),
    after: { state: 'provisioning' },
    write: async (tx) => {
      await askForState(tx, { id, state: 'provisioning' });
      await enqueueProvisioning(tx, { kind: 'tenant.create', tenantId: id });
    },
  });
}
