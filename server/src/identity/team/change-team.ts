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
import { listGroupRows, listMemberRows } from '../groups/repo.ts';
import { keepAdmin, settleRoles } from '../groups/settle-roles.ts';
import { queueMail } from '../mail/repo.ts';
import type { IdentityParts } from '../parts.ts';
import { removeMembership } from '../repo.ts';
import { listTeamRows, lockTeam, type TeamRow } from './repo.ts';

type Parts = Pick<IdentityParts, 'rights' | 'relay'>;
type Of = { tenantId: string; accountId: string };

export type TeamMember = {
  accountId: string;
  name: string;
  email: string;
  role: TenantRole;
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
  return trusted(parts, rows).map(({ accountId, name, email, role, state, since }) => ({
    ...{ accountId, name, email, role, state, since },
    you: accountId === ctx.actor.accountId,
    groups: groupsOf.get(accountId) ?? [],
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

export async function changeRole(
  ctx: RequestContext,
  parts: Parts,
  { tenantId, accountId, role }: Of & { role: TenantRole },
): Promise<void> {
  await ctx.inControl(async (tx) => {
    await findMember(tx, parts, { tenantId, accountId });
    await settleRoles(tx, ctx, { parts, tenantId, accountIds: [accountId], ownRole: role });
    const after = await findMember(tx, parts, { tenantId, accountId });
    if (ranks(after.role) > ranks(role))
      throw new AppError(
        'not_allowed_now',
        'A group of this person gives a higher role; take them out of it first',
      );
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
    await removeMembership(tx, { accountId, tenantId });
    await keepAdmin(tx, parts, tenantId);
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
  return rows.filter((row) =>
    rights.trustsMembership({
      accountId: row.accountId,
      auditId: row.auditId,
      tenantId: row.tenantId,
      role: row.role,
      seal: row.seal,
    }),
  );
}
