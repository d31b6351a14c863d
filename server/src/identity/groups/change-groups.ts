import { recordOnPlatform } from '../../audit/index.ts';
import { AppError, newId, type ControlTx, type RequestContext } from '../../platform/index.ts';
import type { IdentityParts } from '../parts.ts';
import { listTeamRows, lockTeam } from '../team/repo.ts';
import { sealOfGroup, sealOfMember, soundGroup, soundMember } from './group-seals.ts';
import {
  changeGroup,
  deleteGroup,
  findGroupRow,
  insertGroup,
  listGroupRows,
  listMemberRows,
  putMembers,
  removeMembers,
  touchGroup,
  type GroupFacts,
  type GroupRow,
  type GroupSource,
} from './repo.ts';
import type { Given } from './policy.ts';
import { settleRoles } from './settle-roles.ts';

type Parts = Pick<IdentityParts, 'rights' | 'relay'>;
export type OfGroup = { tenantId: string; groupId: string };

const MOST_GROUPS = 2_000;
const MOST_MEMBERS = 10_000;

const CHANGEABLE = ['name', 'externalId', 'role', 'level', 'customRoles'] as const;
type Changeable = (typeof CHANGEABLE)[number];

export type GroupWish = {
  readonly tenantId: string;
  readonly name: string;
  readonly source: GroupSource;
  readonly externalId: string | null;
} & Given;

/** Makes a group without members; answers its id. */
export async function createGroup(
  tx: ControlTx,
  ctx: RequestContext,
  wish: GroupWish,
): Promise<GroupRow> {
  const { tenantId, source } = wish;
  await lockTeam(tx, tenantId);
  if ((await listGroupRows(tx, tenantId)).length >= MOST_GROUPS)
    throw new AppError('not_allowed_now', `There are ${MOST_GROUPS} groups already`);
  const facts: GroupFacts = { id: newId(), ...wish };
  const seal = sealOfGroup(ctx.platform.pepper, facts);
  if (!(await insertGroup(tx, { ...facts, seal }))) throw nameTaken();
  await record(tx, ctx, {
    action: 'group.create',
    group: facts,
    after: { source, ...given(facts) },
  });
  return getGroup(tx, ctx, { tenantId, groupId: facts.id });
}

/** Throws not_found also for a row that somebody else wrote. */
export async function getGroup(
  tx: ControlTx,
  { platform: { pepper } }: RequestContext,
  of: OfGroup,
): Promise<GroupRow> {
  const group = await findGroupRow(tx, of);
  if (!group || !soundGroup(pepper, group)) throw new AppError('not_found', 'No such group');
  return group;
}

/** Another name, external id, or something else that it gives; what that changes for its members is settled with it. */
export async function updateGroup(
  tx: ControlTx,
  ctx: RequestContext,
  wish: OfGroup & { parts: Parts; to: Partial<Pick<GroupFacts, Changeable>> },
): Promise<void> {
  const { parts, to, ...of } = wish;
  await lockTeam(tx, of.tenantId);
  const group = await getGroup(tx, ctx, of);
  const facts = { ...group, ...to };
  const same = CHANGEABLE.every((key) => JSON.stringify(facts[key]) === JSON.stringify(group[key]));
  if (same) return;
  const seal = sealOfGroup(ctx.platform.pepper, facts);
  if (!(await changeGroup(tx, { ...facts, seal }))) throw nameTaken();
  await record(tx, ctx, {
    action: 'group.update',
    group,
    before: { ...given(group), renamed: false },
    after: { ...given(facts), renamed: facts.name !== group.name },
  });
  await settleRoles(tx, ctx, { parts, ...of, accountIds: await memberIds(tx, ctx, of) });
}

/** Of rows of somebody else's as well: whoever sees one can be rid of it. */
export async function removeGroup(
  tx: ControlTx,
  ctx: RequestContext,
  { parts, ...of }: OfGroup & { parts: Parts },
): Promise<void> {
  await lockTeam(tx, of.tenantId);
  const group = await findGroupRow(tx, of);
  if (!group) throw new AppError('not_found', 'No such group');
  const members = await listMemberRows(tx, { tenantId: of.tenantId, groupIds: [of.groupId] });
  await deleteGroup(tx, of.groupId);
  const before = { source: group.source, ...given(group), members: members.length };
  await record(tx, ctx, { action: 'group.remove', group, before });
  const accountIds = members.map(({ accountId }) => accountId);
  await settleRoles(tx, ctx, { parts, ...of, accountIds });
}

export type MemberChange = {
  add?: readonly string[];
  remove?: readonly string[];
  /** Whom a directory has named; without it only who is in the tenant comes into a group. */
  named?: ReadonlySet<string>;
};

/** Adds and removes people; who is none of the tenant's people is refused as not found. */
export async function changeMembers(
  tx: ControlTx,
  ctx: RequestContext,
  wish: OfGroup & { parts: Parts; change: MemberChange },
): Promise<void> {
  const { parts, change, ...of } = wish;
  await lockTeam(tx, of.tenantId);
  const group = await getGroup(tx, ctx, of);
  const present = new Set(await memberIds(tx, ctx, of));
  const add = [...new Set(change.add)].filter((id) => !present.has(id));
  const remove = [...new Set(change.remove)].filter((id) => present.has(id));
  if (add.length + remove.length === 0) return;
  if (present.size + add.length - remove.length > MOST_MEMBERS)
    throw new AppError('not_allowed_now', `A group has at most ${MOST_MEMBERS} members`);
  await refuseStrangers(tx, of.tenantId, { add, named: change.named });
  await removeMembers(tx, { groupId: of.groupId, accountIds: remove });
  const rows = add.map((accountId) => ({ ...of, accountId }));
  const { pepper } = ctx.platform;
  await putMembers(
    tx,
    rows.map((row) => ({ ...row, seal: sealOfMember(pepper, row) })),
  );
  await touchGroup(tx, of.groupId);
  await recordMembers(tx, ctx, { group, add, remove });
  await settleRoles(tx, ctx, { parts, ...of, accountIds: [...add, ...remove] });
}

/** The members that the server put there. */
export async function memberIds(
  tx: ControlTx,
  { platform: { pepper } }: RequestContext,
  { tenantId, groupId }: OfGroup,
): Promise<string[]> {
  const rows = await listMemberRows(tx, { tenantId, groupIds: [groupId] });
  return rows.filter((row) => soundMember(pepper, row)).map(({ accountId }) => accountId);
}

async function refuseStrangers(
  tx: ControlTx,
  tenantId: string,
  { add, named }: { add: readonly string[]; named: ReadonlySet<string> | undefined },
): Promise<void> {
  if (add.length === 0) return;
  const known =
    named ?? new Set((await listTeamRows(tx, tenantId)).map(({ accountId }) => accountId));
  if (add.some((id) => !known.has(id))) throw new AppError('not_found', 'No such member');
}

type Membership = { group: GroupFacts; add: readonly string[]; remove: readonly string[] };

async function recordMembers(
  tx: ControlTx,
  ctx: RequestContext,
  { group, add, remove }: Membership,
): Promise<void> {
  const team = await listTeamRows(tx, group.tenantId);
  const named = (ids: readonly string[]): string[] =>
    team.filter(({ accountId }) => ids.includes(accountId)).map(({ auditId }) => auditId);
  await record(tx, ctx, {
    action: 'group.members',
    group,
    after: {
      added: named(add).slice(0, 100),
      removed: named(remove).slice(0, 100),
      counts: [add.length, remove.length],
    },
  });
}

type Event = {
  action: string;
  group: Pick<GroupFacts, 'id' | 'tenantId'>;
  before?: Record<string, unknown>;
  after?: Record<string, unknown>;
};

async function record(
  tx: ControlTx,
  ctx: RequestContext,
  { action, group, before, after }: Event,
): Promise<void> {
  await recordOnPlatform(tx, ctx, {
    action,
    resourceType: 'group',
    resourceId: group.id,
    tenantId: group.tenantId,
    ...(before ? { before } : {}),
    ...(after ? { after } : {}),
  });
}

function nameTaken(): AppError {
  return new AppError('already_exists', 'There is a group of this name already');
}

function given({ role, level, customRoles }: Given): Record<string, unknown> {
  return { role, level, customRoles: [...customRoles] };
}
