import type { ControlTx } from '../../platform/index.ts';
import type { OwnRow } from '../groups/repo.ts';

export type TeamRow = OwnRow & {
  auditId: string;
  seal: Buffer | null;
  name: string;
  email: string;
  state: string;
  since: Date;
};

/** All memberships of a tenant, as the database has them. */
export function listTeamRows(tx: ControlTx, tenantId: string): Promise<TeamRow[]> {
  return tx.query<TeamRow>(
    `select membership.account_id as "accountId", account.audit_id as "auditId",
       membership.tenant_id as "tenantId", membership.role, membership.level,
       membership.custom_roles as "customRoles", membership.seal,
       membership.own_role as "ownRole", membership.own_level as "ownLevel",
       membership.own_custom_roles as "ownCustomRoles", membership.own_seal as "ownSeal",
       account.name, account.email, account.state, membership.created_at as since
     from control.memberships membership
     join control.accounts account on account.id = membership.account_id
     where membership.tenant_id = $1 and account.state <> 'erased' and account.kind = 'person'
     order by lower(account.name), account.id limit 10000`,
    [tenantId],
  );
}

/** The second factors of each member, as their seals cover them; null for none. */
export async function listTeamFactors(
  tx: ControlTx,
  tenantId: string,
): Promise<Map<string, string | null>> {
  const rows = await tx.query<{ id: string; factors: string | null }>(
    `select membership.account_id as id, control.factor_facts(membership.account_id) as factors
     from control.memberships membership where membership.tenant_id = $1`,
    [tenantId],
  );
  return new Map(rows.map(({ id, factors }) => [id, factors]));
}

/** So that two can't take away the last two administrators at once. */
export async function lockTeam(tx: ControlTx, tenantId: string): Promise<void> {
  await tx.execute(
    `select from control.memberships where tenant_id = $1 and role = 'admin'
     order by account_id for update`,
    [tenantId],
  );
}
