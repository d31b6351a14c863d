import { AppError, cancelJobsOf, enqueueProvisioning } from '../platform/index.ts';
import type { RequestContext } from '../platform/index.ts';
import { changeTenant } from './change-tenant.ts';
import { askForState, type Tenant } from './repo/tenants.ts';

/**
 * Closes a tenant at once and asks the provisioner to destroy its key, schema and role. `name` is
 * what the person typed: it must be the tenant's own.
 */
export function deleteTenant(ctx: RequestContext, id: string, name: string): Promise<Tenant> {
  return remove(ctx, id, (tenant) => {
    if (tenant.name !== name)
      throw new AppError('invalid_input', 'Type the name of the tenant to delete it', {
        fields: [{ path: 'name', message: 'is not the name of this tenant' }],
      });
  });
}

/** The same without a name, for tenants that the appliance made for itself. */
export async function dropTenant(ctx: RequestContext, id: string): Promise<void> {
  await remove(ctx, id, () => undefined);
}

function remove(
  ctx: RequestContext,
  id: string,
  confirm: (tenant: Tenant) => void,
): Promise<Tenant> {
  return changeTenant(ctx, id, {
    verb: 'delete',
    before: ({ state }) => ({ state }),
    after: { state: 'dropping' },
    write: async (tx, tenant) => {
      confirm(tenant);
      await askForState(tx, { id, state: 'dropping' });
      await cancelJobsOf(tx, id);
      await enqueueProvisioning(tx, { kind: 'tenant.drop', tenantId: id });
    },
  });
}
