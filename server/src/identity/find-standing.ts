import type { ControlTx, TenantStanding } from '../platform/index.ts';
import type { IdentityParts } from './parts.ts';
import { findAccount, listMemberships } from './repo.ts';
import { trustedAccount, trustedMemberships } from './rights/trusted.ts';

/** What a person is in a tenant now; null for whoever is none of its people, or deactivated. */
export async function findStanding(
  tx: ControlTx,
  { rights }: Pick<IdentityParts, 'rights'>,
  { accountId, tenantId }: { accountId: string; tenantId: string },
): Promise<TenantStanding | null> {
  if (!trustedAccount(rights, await findAccount(tx, { accountId }))) return null;
  const memberships = trustedMemberships(rights, accountId, await listMemberships(tx, accountId));
  return memberships.find(({ id }) => id === tenantId)?.standing ?? null;
}
