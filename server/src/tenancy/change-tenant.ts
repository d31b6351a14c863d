import { recordOnPlatform } from '../audit/index.ts';
import { AppError, type ControlTx, type RequestContext } from '../platform/index.ts';
import { assertAllowed, type TenantVerb } from './policy.ts';
import { findTenant, lockTenant, type Tenant } from './repo/tenants.ts';

type Change = {
  verb: TenantVerb;
  /** What the audit row says of the tenant before and after. */
  before: (tenant: Tenant) => Record<string, unknown>;
  after: Record<string, unknown>;
  write: (tx: ControlTx, tenant: Tenant) => Promise<void>;
};

/** Locks the tenant, checks its state, writes the change and its audit row in one transaction. */
export function changeTenant(ctx: RequestContext, id: string, change: Change): Promise<Tenant> {
  return ctx.inControl(async (tx) => {
    const tenant = await lockTenant(tx, id);
    if (!tenant || tenant.state === 'dropped') throw new AppError('not_found', 'No such tenant');
    assertAllowed(change.verb, tenant.state);
    await change.write(tx, tenant);
    await recordOnPlatform(tx, ctx, {
      action: `tenant.${change.verb}`,
      resourceType: 'tenant',
      resourceId: id,
      tenantId: id,
      before: change.before(tenant),
      after: change.after,
    });
    const changed = await findTenant(tx, id);
    if (!changed) throw new Error('the tenant vanished while it was changed');
    return changed;
  });
}

/** Two tenants of one name could be mistaken for each other. */
export function nameTaken(error: unknown): never {
  const { code, constraint } = error as { code?: string; constraint?: string };
  if (code === '23505' && constraint === 'tenants_name')
    throw new AppError('already_exists', 'Another tenant has this name; choose a different one', {
      cause: error,
      fields: [{ path: 'name', message: 'is taken' }],
    });
  throw error;
}
