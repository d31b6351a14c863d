import { AppError, type Platform } from '../platform/index.ts';
import { makeProof } from './proof-of-tenant.ts';
import { inNamespace } from './seal/key-paths.ts';
import { findTenant } from './repo/tenants.ts';

/** The proof of a tenant as it is now, for the provisioner. Throws not_found for one that isn't. */
export async function proveTenant({ db, vault }: Platform, tenantId: string): Promise<string> {
  const tenant = await db.readControl((tx) => findTenant(tx, tenantId));
  if (!tenant) throw new AppError('not_found', 'No such tenant');
  return makeProof(inNamespace(vault, tenant), tenant);
}
