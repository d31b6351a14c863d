import type { RequestContext } from '../platform/index.ts';
import { changeTenant, nameTaken } from './change-tenant.ts';
import { updateName, type Tenant } from './repo/tenants.ts';

/** Gives a tenant another name; schema, role and key carry its id and stay. Throws already_exists. */
export function renameTenant(ctx: RequestContext, id: string, name: string): Promise<Tenant> {
  return changeTenant(ctx, id, {
    verb: 'rename',
    before: (tenant) => ({ name: tenant.name }),
    after: { name },
    write: (tx) => updateName(tx, { id, name }),
  }).catch(nameTaken);
}
