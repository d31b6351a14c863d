import type { ControlTx, TenantRole } from '../../platform/index.ts';
import type { AccountFacts, MembershipFacts } from './row-seals.ts';

export type AccountRow = AccountFacts & { seal: Buffer | null; createdAt: Date };
export type MembershipRow = MembershipFacts & {
  role: TenantRole;
  seal: Buffer | null;
  auditId: string;
  email: string;
  tenant: string;
  createdAt: Date;
};

/** True once, for whoever takes the rows of before; others wait here until that is committed. */
export async function isAdoptionDue(tx: ControlTx): Promise<boolean> {
  const rows = await tx.query<{ due: boolean }>(
    `select rights.adopted_at is null as due from control.sealed_rights rights for update`,
  );
  return rows[0]?.due === true;
}

export async function markAdopted(tx: ControlTx): Promise<void> {
  await tx.execute('update control.sealed_rights set adopted_at = now()');
}

/** Accounts that can be used: a deactivated one has no seal, and needs none. */
export function listAccountRows(tx: ControlTx): Promise<AccountRow[]> {
  return tx.query<AccountRow>(
    `select account.id, account.audit_id as "auditId", account.email,
       account.platform_role as "platformRole", account.seal, account.created_at as "createdAt",
       sha256(convert_to(account.password_hash, 'UTF8')) as "passwordDigest"
     from control.accounts account where account.state = 'active' order by account.id`,
  );
}

export function listMembershipRows(tx: ControlTx): Promise<MembershipRow[]> {
  return tx.query<MembershipRow>(
    `select membership.account_id as "accountId", membership.tenant_id as "tenantId",
       membership.role, membership.seal, account.audit_id as "auditId", account.email,
       tenant.name as tenant, membership.created_at as "createdAt"
     from control.memberships membership
     join control.accounts account on account.id = membership.account_id
     join control.tenants tenant on tenant.id = membership.tenant_id
     where account.state = 'active' order by membership.account_id, membership.tenant_id`,
  );
}

export async function sealAccounts(
  tx: ControlTx,
  accounts: readonly { id: string; seal: Buffer }[],
): Promise<void> {
  await tx.execute(
    `update control.accounts account set seal = sealed.seal
     from unnest($1::uuid[], $2::bytea[]) as sealed (id, seal) where sealed.id = account.id`,
    [accounts.map(({ id }) => id), accounts.map(({ seal }) => seal)],
  );
}

export async function sealMemberships(
  tx: ControlTx,
  memberships: readonly { accountId: string; tenantId: string; seal: Buffer }[],
): Promise<void> {
  await tx.execute(
    `update control.memberships membership set seal = sealed.seal
     from unnest($1::uuid[], $2::uuid[], $3::bytea[]) as sealed (account_id, tenant_id, seal)
     where sealed.account_id = membership.account_id and sealed.tenant_id = membership.tenant_id`,
    [
      memberships.map(({ accountId }) => accountId),
      memberships.map(({ tenantId }) => tenantId),
      memberships.map(({ seal }) => seal),
    ],
  );
}
