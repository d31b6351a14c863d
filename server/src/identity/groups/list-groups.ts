import type { RequestContext } from '../../platform/index.ts';
import { soundGroup, soundMember } from './group-seals.ts';
import { getGroup, type OfGroup } from './change-groups.ts';
import { listGroupRows, listMemberRows, type GroupRow, type MemberRow } from './repo.ts';

export type ListedGroup = GroupRow & { members: number; trusted: boolean };
export type GroupPerson = Pick<MemberRow, 'accountId' | 'name' | 'email' | 'state' | 'since'>;

/** The groups of a tenant; those that somebody else wrote are shown as what they are. */
export async function listGroups(ctx: RequestContext, tenantId: string): Promise<ListedGroup[]> {
  const { pepper } = ctx.platform;
  const { groups, members } = await ctx.inControl(async (tx) => ({
    groups: await listGroupRows(tx, tenantId),
    members: await listMemberRows(tx, { tenantId }),
  }));
  const counts = Map.groupBy(
    members.filter((member) => soundMember(pepper, member)),
    ({ groupId }) => groupId,
  );
  return groups.map((group) => ({
    ...group,
    members: counts.get(group.id)?.length ?? 0,
    trusted: soundGroup(pepper, group),
  }));
}

export async function readGroup(
  ctx: RequestContext,
  of: OfGroup,
): Promise<ListedGroup & { people: GroupPerson[] }> {
  const { pepper } = ctx.platform;
  return ctx.inControl(async (tx) => {
    const group = await getGroup(tx, ctx, of);
    const rows = await listMemberRows(tx, { tenantId: of.tenantId, groupIds: [of.groupId] });
    const people = rows.filter((row) => soundMember(pepper, row));
    return { ...group, members: people.length, trusted: true, people };
  });
}
