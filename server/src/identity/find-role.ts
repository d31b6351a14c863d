import type { ControlTx, TenantRole } from '../platform/index.ts';
import type { IdentityParts } from './parts.ts';
import { findAccount, listMemberships } from './repo.ts';
import { trustedAccount, trustedMemberships } from './rights/trusted.ts';

/** The role of a person in a tenant now; null for whoever is none of its people, or deactivated. */
export async function findRole(
  tx: ControlTx,
  { rights }: Pick<IdentityParts, 'rights'>,
  { accountId, tenantId }: { accountId: string; tenantId: string },
): Promise<TenantRole | null> {
  if (!trustedAccount(rights, await findAccount(tx, { accountId }))) return null;
  const memberships = trustedMemberships(rights, accountId, await listMemberships(tx, accountId));
  return memberships.find(({ id }) => id === tenantId)?.role ?? null;
}
