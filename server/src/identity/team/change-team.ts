import { levelOf, permissionsOf } from '../../access/index.ts';
import { recordOnPlatform } from '../../audit/index.ts';
import {
  AppError,
  type ControlTx,
  type RequestContext,
  type TenantRole,
} from '../../platform/index.ts';
import { cancelJobsOfAccount, revokeKeysOfAccount } from '../accounts/repo.ts';
import { soundGroup, soundMember } from '../groups/group-seals.ts';
import { ranks } from '../groups/policy.ts';
import { listGroupRows, listMemberRows, listStandings, writeAccess } from '../groups/repo.ts';
import { keepingAdmins } from '../groups/keep-admins.ts';
import { settleRoles } from '../groups/settle-roles.ts';
import { queueMail } from '../mail/repo.ts';
import type { IdentityParts } from '../parts.ts';
import { removeMembership } from '../repo.ts';
import { refuseBeyond } from '../standing/custom-roles.ts';
import { refuseHigher } from '../standing/feature-levels.ts';
import { listRoleRows } from '../standing/repo.ts';
import { listTeamRows, lockTeam, type TeamRow } from './repo.ts';

type Parts = Pick<IdentityParts, 'rights' | 'relay'>;
type Of = { tenantId: string; accountId: string };

export type TeamMember = {
  accountId: string;
  name: string;
  email: string;
  role: TenantRole;
  level: number;
  customRoles: string[];
  state: string;
  you: boolean;
  since: Date;
  /** Those that they are in, with the role that each gives. */
  groups: { id: string; name: string; role: TenantRole | null }[];
};

/** The people of a tenant, without memberships that somebody else wrote. */
export async function listTeam(
  ctx: RequestContext,
  parts: Parts,
  tenantId: string,
): Promise<TeamMember[]> {
  const { rows, groupsOf } = await ctx.inControl(async (tx) => ({
    rows: await listTeamRows(tx, tenantId),
    groupsOf: await groupsByAccount(tx, ctx, tenantId),
  }));
  return trusted(parts, rows).map(({ level, ...row }) => ({
    ...row,
    level: levelOf(row.role, level),
    you: row.accountId === ctx.actor.accountId,
    groups: groupsOf.get(row.accountId) ?? [],
  }));
}

async function groupsByAccount(
  tx: ControlTx,
  { platform: { pepper } }: RequestContext,
  tenantId: string,
): Promise<Map<string, TeamMember['groups']>> {
  const groups = (await listGroupRows(tx, tenantId)).filter((group) => soundGroup(pepper, group));
  const members = await listMemberRows(tx, { tenantId });
  const of = Map.groupBy(
    members.filter((member) => soundMember(pepper, member)),
    ({ accountId }) => accountId,
  );
  return new Map(
    [...of].map(([accountId, theirs]) => {
      const ids = new Set(theirs.map(({ groupId }) => groupId));
      const inThese = groups.filter(({ id }) => ids.has(id));
      return [accountId, inThese.map(({ id, name, role }) => ({ id, name, role }))];
    }),
  );
}

/** What is to be of a membership; what is not said stays. */
export type MemberWish = {
  role?: TenantRole | undefined;
  /** Null: the usual one again. An administrator's is always the highest. */
  level?: number | null | undefined;
  customRoles?: readonly string[] | undefined;
};

/**
 * Gives a member another role, level, or other custom roles, or a service account the latter two: never
 * more than the person has who gives it.
 */
export async function changeMember(
  ctx: RequestContext,
  parts: Parts,
  { role, ...wish }: Of & MemberWish,
): Promise<void> {
  await ctx.inControl(async (tx) => {
    if (role !== undefined) await changeRole(tx, ctx, { parts, ...wish, role });
    if (wish.level !== undefined || wish.customRoles !== undefined)
      await changeAccess(tx, ctx, { parts, ...wish });
  });
}

type Changing<T> = Of & T & { parts: Parts };

async function changeRole(
  tx: ControlTx,
  ctx: RequestContext,
  { parts, tenantId, accountId, role }: Changing<{ role: TenantRole }>,
): Promise<void> {
  const before = await findMember(tx, parts, { tenantId, accountId });
  if (before.role !== role) refuseBeyond(ctx, permissionsOf(role));
  await settleRoles(tx, ctx, { parts, tenantId, accountIds: [accountId], ownRole: role });
  const after = await findMember(tx, parts, { tenantId, accountId });
  if (ranks(after.role) > ranks(role))
    throw new AppError(
      'not_allowed_now',
      'A group of this person gives a higher role; take them out of it first',
    );
}

async function changeAccess(
  tx: ControlTx,
  ctx: RequestContext,
  { parts, tenantId, accountId, ...wish }: Changing<Omit<MemberWish, 'role'>>,
): Promise<void> {
  const [row] = await listStandings(tx, { tenantId, accountIds: [accountId] });
  if (!row || row.state === 'erased' || !parts.rights.trustsMembership(row))
    throw new AppError('not_found', 'No such member');
  const level = wish.level === undefined ? row.level : wish.level;
  const customRoles = [...new Set(wish.customRoles ?? row.customRoles)].toSorted();
  const before = { level: row.level, customRoles: row.customRoles };
  const after = { level: row.role === 'admin' ? null : level, customRoles };
  if (JSON.stringify(before) === JSON.stringify(after)) return;
  if (after.level !== before.level) refuseHigher(ctx, levelOf(row.role, level));
  const given = customRoles.filter((id) => !row.customRoles.includes(id));
  refuseBeyond(ctx, await permissionsIn(tx, parts, { tenantId, given }));
  const seal = parts.rights.sealMembership({ ...row, ...after });
  await writeAccess(tx, { ...row, ...after, seal });
  await recordOnPlatform(tx, ctx, {
    action: 'membership.update',
    resourceType: 'account',
    resourceId: row.auditId,
    tenantId,
    before,
    after,
  });
}

/** What these custom roles of the tenant give together. */
async function permissionsIn(
  tx: ControlTx,
  { rights }: Parts,
  { tenantId, given }: { tenantId: string; given: readonly string[] },
): Promise<string[]> {
  if (given.length === 0) return [];
  const present = (await listRoleRows(tx, tenantId)).filter((row) => rights.trustsCustomRole(row));
  return given.flatMap((id) => {
    const found = present.find((one) => one.id === id);
    if (!found) throw new AppError('not_found', 'No such role');
    return found.permissions;
  });
}

/** Takes a person out of the tenant: what they asked for in it ends, and streams within two seconds. */
export async function removeMember(
  ctx: RequestContext,
  parts: Parts,
  { tenantId, accountId }: Of,
): Promise<void> {
  await ctx.inControl(async (tx) => {
    const member = await findMember(tx, parts, { tenantId, accountId });
    await keepingAdmins(tx, ctx, {
      ...{ parts, tenantId },
      change: () => removeMembership(tx, { accountId, tenantId }),
    });
    await revokeKeysOfAccount(tx, { accountId, tenantId });
    const jobs = await cancelJobsOfAccount(tx, { accountId, tenantId });
    await recordOnPlatform(tx, ctx, {
      action: 'membership.remove',
      resourceType: 'account',
      resourceId: member.auditId,
      tenantId,
      before: { role: member.role },
      after: { jobs },
    });
    if (parts.relay) await queueMail(tx, { template: 'removed', accountId, tenantId });
  });
}

async function findMember(tx: ControlTx, parts: Parts, of: Of): Promise<TeamRow> {
  await lockTeam(tx, of.tenantId);
  const rows = trusted(parts, await listTeamRows(tx, of.tenantId));
  const member = rows.find(({ accountId }) => accountId === of.accountId);
  if (!member) throw new AppError('not_found', 'No such member');
  return member;
}

function trusted({ rights }: Parts, rows: readonly TeamRow[]): TeamRow[] {
  return rows.filter((row) => rights.trustsMembership(row));
}
