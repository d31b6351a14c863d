import { AppError, type Platform, type TenantScope } from '../platform/index.ts';
import { makeProof } from './proof-of-tenant.ts';
import { inNamespace } from './seal/key-paths.ts';
import { findTenant } from './repo/tenants.ts';
import { closedError } from './tenant-changes.ts';

/** Opens one tenant without anybody's account, for a look at its keys; nothing is kept. */
export async function scopeOfTenant(
  { db, vault }: Platform,
  tenantId: string,
): Promise<TenantScope> {
  const tenant = await db.readControl((tx) => findTenant(tx, tenantId));
  if (!tenant) throw new AppError('not_found', 'No such tenant');
  if (tenant.state !== 'active') throw closedError(tenant.state);
  const proof = await makeProof(inNamespace(vault, tenant), tenant);
  return { tenantId, bucket: tenant.bucket, proof, accountId: null };
}
