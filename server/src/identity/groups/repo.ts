import type { ControlTx, TenantRole } from '../../platform/index.ts';
import type { Access, Given } from './policy.ts';

export type GroupSource = 'local' | 'scim' | 'ldap' | 'oidc' | 'saml';

/** What of a group says who is in it and what it gives: what its seal binds. */
export type GroupFacts = {
  readonly id: string;
  readonly tenantId: string;
  readonly name: string;
  readonly source: GroupSource;
  readonly externalId: string | null;
} & Given;

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
  groups.external_id as "externalId", groups.role, groups.level,
  groups.custom_roles as "customRoles", groups.seal, groups.created_at as "createdAt",
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
    `insert into control.groups (id, tenant_id, name, source, external_id, role, seal, level, custom_roles)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing`,
    [
      group.id,
      group.tenantId,
      group.name,
      group.source,
      group.externalId,
      group.role,
      group.seal,
      group.level,
      group.customRoles,
    ],
  );
  return count === 1;
}

/** False when another group of the same source has the name or the external id. */
export async function changeGroup(tx: ControlTx, group: GroupFacts & Sealed): Promise<boolean> {
  const count = await tx.execute(
    `update control.groups set name = $2, external_id = $3, role = $4, seal = $5,
       level = $6, custom_roles = $7, updated_at = now(), version = version + 1
     where id = $1 and not exists (
       select from control.groups other
       where other.tenant_id = groups.tenant_id and other.source = groups.source
         and other.id <> groups.id
         and (lower(other.name) = lower($2) or other.external_id = $3))`,
    [
      group.id,
      group.name,
      group.externalId,
      group.role,
      group.seal,
      group.level,
      group.customRoles,
    ],
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

/** What somebody has of all sides together, and, in a row that groups touched, without them. */
export type OwnRow = Access & {
  accountId: string;
  tenantId: string;
  ownRole: TenantRole | null;
  ownLevel: number | null;
  ownCustomRoles: readonly string[] | null;
  ownSeal: Buffer | null;
};

/** A membership with what it is made of. */
export type StandingRow = OwnRow & {
  auditId: string;
  state: string;
  kind: 'person' | 'service';
  seal: Buffer | null;
};

const OWN = `membership.own_role as "ownRole", membership.own_level as "ownLevel",
  membership.own_custom_roles as "ownCustomRoles", membership.own_seal as "ownSeal"`;

export function listStandings(
  tx: ControlTx,
  { tenantId, accountIds }: { tenantId: string; accountIds: readonly string[] },
): Promise<StandingRow[]> {
  return tx.query<StandingRow>(
    `select membership.account_id as "accountId", membership.tenant_id as "tenantId",
       account.audit_id as "auditId", account.state, account.kind, membership.role,
       membership.level, membership.custom_roles as "customRoles",
       membership.seal, ${OWN}
     from control.memberships membership
     join control.accounts account on account.id = membership.account_id
     where membership.tenant_id = $1 and membership.account_id = any($2)
     order by membership.account_id for update of membership`,
    [tenantId, accountIds],
  );
}

export async function writeStanding(
  tx: ControlTx,
  row: Omit<StandingRow, 'auditId' | 'state' | 'kind'>,
): Promise<void> {
  await tx.execute(
    `update control.memberships set role = $3, level = $4, custom_roles = $5, seal = $6,
       own_role = $7, own_level = $8, own_custom_roles = $9, own_seal = $10
     where account_id = $1 and tenant_id = $2`,
    [
      row.accountId,
      row.tenantId,
      row.role,
      row.level,
      row.customRoles,
      row.seal,
      row.ownRole,
      row.ownLevel,
      row.ownCustomRoles,
      row.ownSeal,
    ],
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
     where groups.tenant_id = $1 and member.tenant_id = $1
       and (groups.role is not null or groups.level is not null or cardinality(groups.custom_roles) > 0)
       and member.account_id = any($2)`,
    [tenantId, accountIds],
  );
  return rows.map(({ accountId, memberSeal, ...group }) => ({
    group,
    member: { groupId: group.id, tenantId: group.tenantId, accountId, seal: memberSeal },
  }));
}
