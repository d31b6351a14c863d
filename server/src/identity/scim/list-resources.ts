import type { ControlTx, RequestContext } from '../../platform/index.ts';
import { soundGroup, soundMember } from '../groups/group-seals.ts';
import { listGroupRows, listMemberRows, type GroupRow } from '../groups/repo.ts';
import { soundDirectoryUser } from './directory-seal.ts';
import { openDirectory } from './directory-people.ts';
import { presentGroup, presentUser, type Entry } from './present.ts';
import {
  demanded,
  queryResources,
  readFilter,
  type ListAnswer,
  type ListQuery,
} from './query-resources.ts';
import { listUserRows, type DirectoryRow } from './repo.ts';
import { shownName, type UserInput } from './user-schema.ts';

export async function listUsers(
  ctx: RequestContext,
  tenantId: string,
  query: ListQuery,
): Promise<ListAnswer> {
  const filter = readFilter(query);
  const keys = await openDirectory(ctx);
  return ctx.inControl(async (tx) => {
    const rows = await listUserRows(tx, keys, {
      tenantId,
      userName: demanded(filter, 'userName'),
      externalId: demanded(filter, 'externalId'),
    });
    const sound = rows.filter((row) => soundDirectoryUser(ctx.platform.pepper, row));
    const groups = await groupsByAccount(tx, ctx, tenantId);
    const all = sound.map((row) => presentUser(ctx, row, groups.get(row.accountId ?? '') ?? []));
    return queryResources(all, filter, query);
  });
}

export async function listScimGroups(
  ctx: RequestContext,
  tenantId: string,
  query: ListQuery,
): Promise<ListAnswer> {
  const { pepper } = ctx.platform;
  const filter = readFilter(query);
  const keys = await openDirectory(ctx);
  return ctx.inControl(async (tx) => {
    const groups = await scimGroups(tx, ctx, tenantId);
    const people = (await listUserRows(tx, keys, { tenantId })).filter((row) =>
      soundDirectoryUser(pepper, row),
    );
    const userOf = new Map(people.map(({ accountId, id }) => [accountId, id]));
    const groupIds = groups.map(({ id }) => id);
    const members = (await listMemberRows(tx, { tenantId, groupIds })).filter((row) =>
      soundMember(pepper, row),
    );
    const byGroup = Map.groupBy(members, ({ groupId }) => groupId);
    const names = namesOf(people);
    const all = groups.map((group) => {
      const users = (byGroup.get(group.id) ?? []).flatMap((one) => userOf.get(one.accountId) ?? []);
      return presentGroup(ctx, { ...group, users }, names);
    });
    return queryResources(all, filter, query);
  });
}

/** How each person of the directory is shown beside a group. */
export function namesOf(people: readonly DirectoryRow[]): Map<string, string> {
  return new Map(people.map((row) => [row.id, shownName(row)]));
}

/** The groups of the directory in which each account is. */
export async function groupsByAccount(
  tx: ControlTx,
  ctx: RequestContext,
  tenantId: string,
): Promise<Map<string, Entry[]>> {
  const groups = new Map((await scimGroups(tx, ctx, tenantId)).map(({ id, name }) => [id, name]));
  const rows = await listMemberRows(tx, { tenantId, groupIds: [...groups.keys()] });
  const of = new Map<string, Entry[]>();
  for (const row of rows) {
    const display = groups.get(row.groupId);
    if (display === undefined || !soundMember(ctx.platform.pepper, row)) continue;
    of.set(row.accountId, [...(of.get(row.accountId) ?? []), { value: row.groupId, display }]);
  }
  return of;
}

async function scimGroups(
  tx: ControlTx,
  { platform: { pepper } }: RequestContext,
  tenantId: string,
): Promise<GroupRow[]> {
  const rows = await listGroupRows(tx, tenantId);
  return rows.filter((group) => group.source === 'scim' && soundGroup(pepper, group));
}

/** What a person is now, as a directory would send it. */
export function inputOf({ userName, externalId, attributes, active }: DirectoryRow): UserInput {
  return { userName, externalId, attributes, active };
}
