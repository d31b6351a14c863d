import type { ControlTx, TenantRole } from '../../platform/index.ts';
import type { AccountFacts, MembershipFacts } from './row-seals.ts';

export type AccountRow = AccountFacts & {
  seal: Buffer | null;
  createdAt: Date;
  /** The second factors that the seal covers, as a person knows them. */
  factorNames: string[];
};
export type MembershipRow = MembershipFacts & {
  role: TenantRole;
  seal: Buffer | null;
  auditId: string;
  email: string;
  tenant: string;
  createdAt: Date;
  /** Names of the custom roles that it gives; an id where there is none of it. */
  customRoleNames: string[];
};

export type Adoption = 'due' | 'open' | 'over';

const adoption = `case when rights.adopted_at is null then 'due'
  when rights.adopting_until > now() then 'open' else 'over' end`;

/** `due` once, for whoever takes the rows of before; others wait here until that is committed. */
export async function lockAdoption(tx: ControlTx): Promise<Adoption> {
  const rows = await tx.query<{ adoption: Adoption }>(
    `select ${adoption} as adoption from control.sealed_rights rights for update`,
  );
  return rows[0]?.adoption ?? 'over';
}

/** Ends the first taking; programs of before may go on writing for so many minutes. */
export async function markAdopted(tx: ControlTx, minutes: number): Promise<void> {
  await tx.execute(
    `update control.sealed_rights
     set adopted_at = now(), adopting_until = now() + make_interval(mins => $1)`,
    [minutes],
  );
}

/** Whether the time in which programs of before may write is over, and whether they wrote something. */
export async function findUnsealed(tx: ControlTx): Promise<{ adoption: Adoption; rows: boolean }> {
  const found = await tx.query<{ adoption: Adoption; rows: boolean }>(
    `select ${adoption} as adoption,
       exists (select from control.accounts account
               where account.seal is null and account.state = 'active')
       or exists (select from control.memberships membership
                  join control.accounts account on account.id = membership.account_id
                  where membership.seal is null and account.state = 'active') as rows
     from control.sealed_rights rights`,
  );
  return found[0] ?? { adoption: 'over', rows: false };
}

/** Accounts that can be used: a deactivated one has no seal, and needs none. */
export function listAccountRows(tx: ControlTx): Promise<AccountRow[]> {
  return tx.query<AccountRow>(
    `select account.id, account.audit_id as "auditId", account.email,
       account.platform_role as "platformRole", account.seal, account.created_at as "createdAt",
       sha256(convert_to(account.password_hash, 'UTF8')) as "passwordDigest",
       control.factor_facts(account.id) as factors,
       array(select factor.kind || ' "' || factor.name || '" of ' || to_char(factor.created_at, 'YYYY-MM-DD')
             from control.account_factors factor
             where factor.account_id = account.id and factor.confirmed_at is not null
             order by factor.created_at) as "factorNames"
     from control.accounts account where account.state = 'active' order by account.id`,
  );
}

export function listMembershipRows(tx: ControlTx): Promise<MembershipRow[]> {
  return tx.query<MembershipRow>(
    `select membership.account_id as "accountId", membership.tenant_id as "tenantId",
       membership.role, membership.level, membership.custom_roles as "customRoles",
       membership.seal, account.audit_id as "auditId", account.email,
       array(select coalesce(held.name, given.id::text)
             from unnest(membership.custom_roles) as given (id)
             left join control.custom_roles held on held.id = given.id
             order by 1) as "customRoleNames",
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

/** What stands beside a membership of before its groups: the row as it is counts as their own from now on. */
export async function forgetOwn(
  tx: ControlTx,
  memberships: readonly { accountId: string; tenantId: string }[],
): Promise<void> {
  await tx.execute(
    `update control.memberships membership
     set own_role = null, own_level = null, own_custom_roles = null, own_seal = null
     from unnest($1::uuid[], $2::uuid[]) as given (account_id, tenant_id)
     where given.account_id = membership.account_id and given.tenant_id = membership.tenant_id`,
    [memberships.map(({ accountId }) => accountId), memberships.map(({ tenantId }) => tenantId)],
  );
}
