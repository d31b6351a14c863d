import { recordOnPlatform } from '../../audit/index.ts';
import type { ControlTx, RequestContext, TenantRole } from '../../platform/index.ts';
import { queueMail } from '../mail/repo.ts';
import type { IdentityParts } from '../parts.ts';
import { sameSeal } from '../rights/row-seals.ts';
import { roleGiven, sealOfOwnRole } from './group-seals.ts';
import { keepingAdmins } from './keep-admins.ts';
import { highestRole } from './policy.ts';
import {
  listGiven,
  listStandings,
  writeStanding,
  type GivenRow,
  type StandingRow,
} from './repo.ts';

type Parts = Pick<IdentityParts, 'rights' | 'relay'>;

/** Some people of one tenant; with `ownRole` they are given that one beside what their groups give. */
export type Settling = {
  readonly tenantId: string;
  readonly accountIds: readonly string[];
  readonly ownRole?: TenantRole;
};

/**
 * The one place where a role is computed: the highest of a person's own and of those that their groups
 * give, written into the sealed membership, which is all that a request looks at. To be called in the
 * transaction that changes a group, its members or a role, with the team locked (`lockTeam`) before.
 *
 * @throws AppError not_allowed_now when the tenant would be left without an administrator who can come in
 */
export async function settleRoles(
  tx: ControlTx,
  ctx: RequestContext,
  { parts, ...of }: Settling & { parts: Parts },
): Promise<void> {
  if (of.accountIds.length === 0) return;
  const { tenantId } = of;
  await keepingAdmins(tx, ctx, {
    parts,
    tenantId,
    change: () => settle(tx, ctx, { parts, ...of }),
  });
}

async function settle(
  tx: ControlTx,
  ctx: RequestContext,
  { parts, ...of }: Settling & { parts: Parts },
): Promise<void> {
  const { pepper } = ctx.platform;
  const given = await listGiven(tx, of);
  for (const row of await listStandings(tx, of)) {
    if (row.kind !== 'person' || !parts.rights.trustsMembership(row)) continue;
    const own = of.ownRole ?? ownRoleOf(ctx, row);
    const theirs = given.filter(({ member }) => member.accountId === row.accountId);
    const role = highestRole(own, rolesOf(ctx, theirs));
    const ownSeal = sealOfOwnRole(pepper, { ...row, role: own });
    const seal = parts.rights.sealMembership({ ...row, role });
    if (role !== row.role || own !== row.ownRole)
      await writeStanding(tx, { ...row, role, seal, ownRole: own, ownSeal });
    if (role !== row.role) await tell(tx, ctx, { parts, row, role, given: theirs });
  }
}

/** The role that somebody has beside their groups. What the server did not write counts as the least. */
export function ownRoleOf({ platform: { pepper } }: RequestContext, row: StandingRow): TenantRole {
  if (row.ownRole === null) return row.role;
  const wanted = sealOfOwnRole(pepper, { ...row, role: row.ownRole });
  return sameSeal(row.ownSeal, wanted) ? row.ownRole : 'member';
}

function rolesOf(ctx: RequestContext, given: readonly GivenRow[]): TenantRole[] {
  return given.flatMap((one) => {
    const role = roleGiven(ctx.platform.pepper, one);
    if (role !== null) return [role];
    const { id: groupId } = one.group;
    ctx.log.error('a group or member that this server did not write gives nothing', { groupId });
    return [];
  });
}

type Told = { parts: Parts; row: StandingRow; role: TenantRole; given: readonly GivenRow[] };

async function tell(
  tx: ControlTx,
  ctx: RequestContext,
  { parts, row, role, given }: Told,
): Promise<void> {
  await recordOnPlatform(tx, ctx, {
    action: 'membership.update',
    resourceType: 'account',
    resourceId: row.auditId,
    tenantId: row.tenantId,
    before: { role: row.role },
    after: { role, groups: given.map(({ group }) => group.id) },
  });
  const { accountId, tenantId } = row;
  if (parts.relay) await queueMail(tx, { template: 'role_changed', accountId, tenantId });
}
