import { recordOnPlatform } from '../../audit/index.ts';
import type { ControlTx, RequestContext, TenantRole } from '../../platform/index.ts';
import { queueMail } from '../mail/repo.ts';
import type { IdentityParts } from '../parts.ts';
import { givenBy, sealOfOwn, soundOwn } from './group-seals.ts';
import { keepingAdmins } from './keep-admins.ts';
import { highestRole, LEAST, sameAccess, together, type Access, type Given } from './policy.ts';
import {
  listGiven,
  listStandings,
  writeStanding,
  type GivenRow,
  type OwnRow,
  type StandingRow,
} from './repo.ts';

type Parts = Pick<IdentityParts, 'rights' | 'relay'>;

/** Some people of one tenant, or its service accounts; `change` says what they are to have beside their groups. */
export type Settling = {
  readonly tenantId: string;
  readonly accountIds: readonly string[];
  readonly change?: (own: Access) => Access;
};

/**
 * The one place where it is computed what somebody has: of a person's own and of what their groups give the highest
 * role and level and all custom roles, written into the sealed membership, which is all that a request looks at. To
 * be called in the transaction that changes a group, its members or what somebody has, with the team locked
 * (`lockTeam`) before.
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
    if (!parts.rights.trustsMembership(row)) continue;
    const before = ownOf(ctx, row);
    const own = of.change?.(before) ?? before;
    const theirs = given.filter(
      ({ member }) => row.kind === 'person' && member.accountId === row.accountId,
    );
    const has = together(own, readGiven(ctx, theirs));
    if (sameAccess(has, row) && sameAccess(own, before)) continue;
    const seal = parts.rights.sealMembership({ ...row, ...has });
    await writeStanding(tx, {
      ...{ ...row, ...has, seal, ownSeal: sealOfOwn(pepper, row, own) },
      ...{ ownRole: own.role, ownLevel: own.level, ownCustomRoles: own.customRoles },
    });
    await tell(tx, ctx, { parts, row, has, own, given: theirs });
  }
}

/** What somebody has beside their groups. What the server did not write counts as the least. */
export function ownOf({ platform: { pepper } }: RequestContext, row: OwnRow): Access {
  return soundOwn(pepper, row) ?? LEAST;
}

/** The role of somebody's own and the highest that groups of the tenant give; null where they are none. */
export type MadeOf = { own: TenantRole; byGroups: TenantRole | null };

/** Of what a membership is made that the server wrote. */
export async function findMadeOf(
  tx: ControlTx,
  ctx: RequestContext,
  {
    parts,
    tenantId,
    accountId,
  }: { parts: Pick<Parts, 'rights'>; tenantId: string; accountId: string },
): Promise<MadeOf | undefined> {
  const of = { tenantId, accountIds: [accountId] };
  const [row] = await listStandings(tx, of);
  if (!row || !parts.rights.trustsMembership(row)) return undefined;
  const roles = readGiven(ctx, await listGiven(tx, of)).flatMap((one) => one.role ?? []);
  const [first, ...others] = roles;
  return { own: ownOf(ctx, row).role, byGroups: first ? highestRole(first, others) : null };
}

function readGiven(ctx: RequestContext, rows: readonly GivenRow[]): Given[] {
  return rows.flatMap((one) => {
    const given = givenBy(ctx.platform.pepper, one);
    if (given !== null) return [given];
    const { id: groupId } = one.group;
    ctx.log.error('a group or member that this server did not write gives nothing', { groupId });
    return [];
  });
}

type Told = {
  parts: Parts;
  row: StandingRow;
  has: Access;
  own: Access;
  given: readonly GivenRow[];
};

async function tell(
  tx: ControlTx,
  ctx: RequestContext,
  { parts, row, has, own, given }: Told,
): Promise<void> {
  await recordOnPlatform(tx, ctx, {
    action: 'membership.update',
    resourceType: 'account',
    resourceId: row.auditId,
    tenantId: row.tenantId,
    before: plain(row),
    after: { ...plain(has), own: plain(own), groups: given.map(({ group }) => group.id) },
  });
  if (has.role === row.role) return;
  const { accountId, tenantId } = row;
  if (parts.relay) await queueMail(tx, { template: 'role_changed', accountId, tenantId });
}

function plain({ role, level, customRoles }: Access): Record<string, unknown> {
  return { role, level, customRoles: [...customRoles] };
}
