import type { ControlTx, TenantRole } from '../platform/index.ts';

/** The role of a person in a tenant now; null for whoever is none of its people, or deactivated. */
export async function findRole(
  tx: ControlTx,
  { accountId, tenantId }: { accountId: string; tenantId: string },
): Promise<TenantRole | null> {
  const rows = await tx.query<{ role: TenantRole }>(
    `select membership.role from control.memberships membership
     join control.accounts account on account.id = membership.account_id
     where membership.account_id = $1 and membership.tenant_id = $2 and account.state = 'active'`,
    [accountId, tenantId],
  );
  return rows[0]?.role ?? null;
}
