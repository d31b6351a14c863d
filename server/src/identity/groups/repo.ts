import type { ControlTx, TenantRole } from '../../platform/index.ts';

export type GroupSource = 'local' | 'scim' | 'ldap' | 'oidc' | 'saml';

/** What of a group says who is in it and what it gives: what its seal binds. */
export type GroupFacts = {
  readonly id: string;
  readonly tenantId: string;
  readonly name: string;
  readonly source: GroupSource;
  readonly externalId: string | null;
  readonly role: TenantRole | null;
};

export type MemberFacts = {
  readonly groupId: string;
  readonly tenantId: string;
  readonly accountId: string;
};

export type GroupRow = GroupFacts & {
  seal: Buffer;
  createdAt: Date;
  updatedAt: Date;
  version: number;
};
export type MemberRow = MemberFacts & {
  seal: Buffer;
  auditId: string;
  name: string;
  email: string;
  state: string;
  since: Date;
};

const GROUP = `groups.id, groups.tenant_id as "tenantId", groups.name, groups.source,
  groups.external_id as "externalId", groups.role, groups.seal, groups.created_at as "createdAt",
  groups.updated_at as "updatedAt", groups.version::float8 as version`;

/** By name; as the database has them, so their seals are still to be looked at. */
export function listGroupRows(tx: ControlTx, tenantId: string): Promise<GroupRow[]> {
  return tx.query<GroupRow>(
    `select ${GROUP} from control.groups where groups.tenant_id = $1
     order by lower(groups.name), groups.id limit 5000`,
    [tenantId],
  );
}

export async function findGroupRow(
  tx: ControlTx,
  { tenantId, groupId }: { tenantId: string; groupId: string },
): Promise<GroupRow | undefined> {
  const rows = await tx.query<GroupRow>(
    `select ${GROUP} from control.groups where groups.tenant_id = $1 and groups.id = $2`,
    [tenantId, groupId],
  );
  return rows[0];
}

/** Of some groups, or of all of the tenant. */
export function listMemberRows(
  tx: ControlTx,
  { tenantId, groupIds }: { tenantId: string; groupIds?: readonly string[] },
): Promise<MemberRow[]> {
  return tx.query<MemberRow>(
    `select member.group_id as "groupId", member.tenant_id as "tenantId",
       member.account_id as "accountId", member.seal, member.created_at as since,
       account.audit_id as "auditId", account.name, account.email, account.state
     from control.group_members member
     join control.accounts account on account.id = member.account_id
     where member.tenant_id = $1 and ($2::uuid[] is null or member.group_id = any($2))
       and account.state <> 'erased'
     order by lower(account.name), account.id limit 100000`,
    [tenantId, groupIds ?? null],
  );
}

type Sealed = { readonly seal: Buffer };

/** False when a group of this name or external id is there already. */
export async function insertGroup(tx: ControlTx, group: GroupFacts & Sealed): Promise<boolean> {
  const count = await tx.execute(
    `insert into control.groups (id, tenant_id, name, source, external_id, role, seal)
     values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing`,
    [group.id, group.tenantId, group.name, group.source, group.externalId, group.role, group.seal],
  );
  return count === 1;
}

/** False when another group of the same source has the name or the external id. */
export async function changeGroup(tx: ControlTx, group: GroupFacts & Sealed): Promise<boolean> {
  const count = await tx.execute(
    `update control.groups set name = $2, external_id = $3, role = $4, seal = $5,
       updated_at = now(), version = version + 1
     where id = $1 and not exists (
       select from control.groups other
       where other.tenant_id = groups.tenant_id and other.source = groups.source
         and other.id <> groups.id
         and (lower(other.name) = lower($2) or other.external_id = $3))`,
    [group.id, group.name, group.externalId, group.role, group.seal],
  );
  return count === 1;
}

/** Its members changed: whoever reads it under a version sees another one. */
export async function touchGroup(tx: ControlTx, groupId: string): Promise<void> {
  await tx.execute(
    'update control.groups set updated_at = now(), version = version + 1 where id = $1',
    [groupId],
  );
}

export async function deleteGroup(tx: ControlTx, groupId: string): Promise<void> {
  await tx.execute('delete from control.groups where id = $1', [groupId]);
}

/** Also takes the place of a row that somebody else wrote. */
export async function putMembers(
  tx: ControlTx,
  members: readonly (MemberFacts & Sealed)[],
): Promise<void> {
  await tx.execute(
    `insert into control.group_members (group_id, tenant_id, account_id, seal)
     select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::bytea[])
     on conflict (group_id, account_id) do update set seal = excluded.seal`,
    [
      members.map(({ groupId }) => groupId),
      members.map(({ tenantId }) => tenantId),
      members.map(({ accountId }) => accountId),
      members.map(({ seal }) => seal),
    ],
  );
}

export async function removeMembers(
  tx: ControlTx,
  { groupId, accountIds }: { groupId: string; accountIds: readonly string[] },
): Promise<void> {
  await tx.execute(
    'delete from control.group_members where group_id = $1 and account_id = any($2)',
    [groupId, accountIds],
  );
}

/** Of an account that is no member of the tenant any more. */
export async function leaveAllGroups(
  tx: ControlTx,
  { tenantId, accountId }: { tenantId: string; accountId: string },
): Promise<void> {
  await tx.execute('delete from control.group_members where tenant_id = $1 and account_id = $2', [
    tenantId,
    accountId,
  ]);
}

/** A membership with what it is made of. */
export type StandingRow = {
  accountId: string;
  tenantId: string;
  auditId: string;
  state: string;
  kind: 'person' | 'service';
  role: TenantRole;
  level: number | null;
  customRoles: string[];
  seal: Buffer | null;
  ownRole: TenantRole | null;
  ownSeal: Buffer | null;
};

export function listStandings(
  tx: ControlTx,
  { tenantId, accountIds }: { tenantId: string; accountIds: readonly string[] },
): Promise<StandingRow[]> {
  return tx.query<StandingRow>(
    `select membership.account_id as "accountId", membership.tenant_id as "tenantId",
       account.audit_id as "auditId", account.state, account.kind, membership.role,
       membership.level, membership.custom_roles as "customRoles",
       membership.seal, membership.own_role as "ownRole", membership.own_seal as "ownSeal"
     from control.memberships membership
     join control.accounts account on account.id = membership.account_id
     where membership.tenant_id = $1 and membership.account_id = any($2)
     order by membership.account_id for update of membership`,
    [tenantId, accountIds],
  );
}

export async function writeStanding(
  tx: ControlTx,
  row: Omit<StandingRow, 'auditId' | 'state' | 'kind' | 'level' | 'customRoles'>,
): Promise<void> {
  await tx.execute(
    `update control.memberships set role = $3, seal = $4, own_role = $5, own_seal = $6
     where account_id = $1 and tenant_id = $2`,
    [row.accountId, row.tenantId, row.role, row.seal, row.ownRole, row.ownSeal],
  );
}

/** Level and custom roles, under the seal that binds them; the role stays. */
export async function writeAccess(
  tx: ControlTx,
  row: Pick<StandingRow, 'accountId' | 'tenantId' | 'level' | 'customRoles' | 'seal'>,
): Promise<void> {
  await tx.execute(
    `update control.memberships set level = $3, custom_roles = $4, seal = $5
     where account_id = $1 and tenant_id = $2`,
    [row.accountId, row.tenantId, row.level, row.customRoles, row.seal],
  );
}

/** What groups give to some people: each row with the seals on which it hangs. */
export type GivenRow = { group: GroupRow; member: MemberFacts & { seal: Buffer } };

export async function listGiven(
  tx: ControlTx,
  { tenantId, accountIds }: { tenantId: string; accountIds: readonly string[] },
): Promise<GivenRow[]> {
  const rows = await tx.query<GroupRow & { accountId: string; memberSeal: Buffer }>(
    `select ${GROUP}, member.account_id as "accountId", member.seal as "memberSeal"
     from control.group_members member join control.groups on groups.id = member.group_id
     where groups.tenant_id = $1 and member.tenant_id = $1 and groups.role is not null
       and member.account_id = any($2)`,
    [tenantId, accountIds],
  );
  return rows.map(({ accountId, memberSeal, ...group }) => ({
    group,
    member: { groupId: group.id, tenantId: group.tenantId, accountId, seal: memberSeal },
  }));
}
