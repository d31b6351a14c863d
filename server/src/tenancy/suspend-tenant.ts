import type { RequestContext } from '../platform/index.ts';
import { changeTenant } from './change-tenant.ts';
import { askForState, type Tenant } from './repo/tenants.ts';

/**
 * Closes a tenant to its people at once: the database shows its rows to nobody but the migrator and
 * the audit sequencer, every process ends its streams, and its jobs wait.
 */
export function suspendTenant(ctx: RequestContext, id: string): Promise<Tenant> {
  return changeTenant(ctx, id, {
    verb: 'suspend',
    before: ({ state }) => ({ state }),
    after: { state: 'suspended' },
    write: (tx) => askForState(tx, { id, state: 'suspended' }),
  });
}

/** Opens it again; what waited in the queue runs. */
export function resumeTenant(ctx: RequestContext, id: string): Promise<Tenant> {
  return changeTenant(ctx, id, {
    verb: 'resume',
    before: ({ state }) => ({ state }),
    after: { state: 'active' },
    write: (tx) => askForState(tx, { id, state: 'active' }),
  });
}
