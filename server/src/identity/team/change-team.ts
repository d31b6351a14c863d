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
import { keepingAdmins } from '../groups/keep-admins.ts';
import { ranks, type Access, type Given } from '../groups/policy.ts';
import { listGroupRows, listMemberRows, listStandings, type StandingRow } from '../groups/repo.ts';
import { ownOf, settleRoles } from '../groups/settle-roles.ts';
import { queueMail } from '../mail/repo.ts';
import type { IdentityParts } from '../parts.ts';
import { removeMembership } from '../repo.ts';
import { permissionsIn, refuseBeyond } from '../standing/custom-roles.ts';
import { refuseHigher } from '../standing/feature-levels.ts';
import { listTeamFactors, listTeamRows, lockTeam, type TeamRow } from './repo.ts';

type Parts = Pick<IdentityParts, 'rights' | 'relay'>;
type Of = { tenantId: string; accountId: string };

export type TeamMember = {
  accountId: string;
  name: string;
  email: string;
  role: TenantRole;
  level: number;
  customRoles: readonly string[];
  /** What of that is given to them alone, without any group; a level of null is the usual one. */
  own: Access;
  state: string;
  /** Whether they have a second factor that is enough for whoever must have one. */
  secondFactor: 'none' | 'phone' | 'enough';
  you: boolean;
  since: Date;
  /** Those that they are in, with what each gives. */
  groups: ({ id: string; name: string } & Given)[];
};

/** The people of a tenant, without memberships that somebody else wrote. */
export async function listTeam(
  ctx: RequestContext,
  parts: Parts,
  tenantId: string,
): Promise<TeamMember[]> {
  const { rows, groupsOf, factors } = await ctx.inControl(async (tx) => ({
    rows: await listTeamRows(tx, tenantId),
    groupsOf: await groupsByAccount(tx, ctx, tenantId),
    factors: await listTeamFactors(tx, tenantId),
  }));
  return trusted(parts, rows).map((row) => ({
    ...row,
    level: levelOf(row.role, row.level),
    own: ownOf(ctx, row),
    secondFactor: judged(parts, factors.get(row.accountId) ?? null),
    you: row.accountId === ctx.actor.accountId,
    groups: groupsOf.get(row.accountId) ?? [],
  }));
}

function judged({ rights }: Parts, factors: string | null): TeamMember['secondFactor'] {
  if (factors === null) return 'none';
  return rights.suffices(factors) ? 'enough' : 'phone';
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
      const given = inThese.map(({ id, name, role, level, customRoles }) => {
        return { id, name, role, level, customRoles };
      });
      return [accountId, given];
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
 * Gives a member another role, level, or other custom roles beside what groups give, or a service account the latter
 * two: never more than the person has who gives it.
 */
export async function changeMember(
  ctx: RequestContext,
  parts: Parts,
  { tenantId, accountId, ...wish }: Of & MemberWish,
): Promise<void> {
  await ctx.inControl(async (tx) => {
    const { role } = wish;
    const of = { tenantId, accountIds: [accountId] };
    if (role !== undefined) await findMember(tx, parts, { tenantId, accountId });
    else await lockTeam(tx, tenantId);
    const [row] = await listStandings(tx, of);
    if (!row || row.state === 'erased' || !parts.rights.trustsMembership(row))
      throw new AppError('not_found', 'No such member');
    await refuseMore(tx, ctx, { parts, row, wish });
    await settleRoles(tx, ctx, { parts, ...of, change: (own) => changed(own, wish) });
    const [after = row] = await listStandings(tx, of);
    if (role !== undefined && ranks(after.role) > ranks(role))
      throw new AppError(
        'not_allowed_now',
        'A group of this person gives a higher role; take them out of it first',
      );
  });
}

function changed(own: Access, wish: MemberWish): Access {
  const role = wish.role ?? own.role;
  const level = wish.level === undefined ? own.level : wish.level;
  const customRoles = [...new Set(wish.customRoles ?? own.customRoles)].toSorted();
  return { role, level: role === 'admin' ? null : level, customRoles };
}

type Wished = { parts: Parts; row: StandingRow; wish: MemberWish };

async function refuseMore(
  tx: ControlTx,
  ctx: RequestContext,
  { parts, row, wish: { role, level, customRoles = [] } }: Wished,
): Promise<void> {
  const own = ownOf(ctx, row);
  if (role !== undefined && row.role !== role) refuseBeyond(ctx, permissionsOf(role));
  if (level !== undefined && level !== own.level)
    refuseHigher(ctx, levelOf(role ?? own.role, level));
  const ids = customRoles.filter((id) => !own.customRoles.includes(id));
  refuseBeyond(ctx, await permissionsIn(tx, parts, { tenantId: row.tenantId, ids }));
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
