import type { ControlTx, RequestContext } from '../../platform/index.ts';
import { AppError } from '../../platform/index.ts';
import {
  changeMembers,
  createGroup,
  getGroup,
  memberIds,
  removeGroup,
  updateGroup,
} from '../groups/change-groups.ts';
import type { GroupRow } from '../groups/repo.ts';
import type { IdentityParts } from '../parts.ts';
import { lockTeam } from '../team/repo.ts';
import { checkVersion } from './change-users.ts';
import { soundDirectoryUser } from './directory-seal.ts';
import { listLinkRows } from './repo.ts';
import { scimError } from './scim-error.ts';
import type { GroupInput } from './user-schema.ts';

type Parts = Pick<IdentityParts, 'rights' | 'relay'>;
export type OfScimGroup = { tenantId: string; id: string };
/** A group with the ids under which the directory knows its people. */
export type ScimGroup = GroupRow & { users: readonly string[] };

/** Which account each user of the directory is, and the other way round. */
export type Links = { accountOf: Map<string, string>; userOf: Map<string, string> };

export async function readLinks(
  tx: ControlTx,
  { platform: { pepper } }: RequestContext,
  tenantId: string,
): Promise<Links> {
  const links: Links = { accountOf: new Map(), userOf: new Map() };
  for (const row of await listLinkRows(tx, tenantId)) {
    const { id, accountId } = row;
    if (accountId === null || !soundDirectoryUser(pepper, row)) continue;
    links.accountOf.set(id, accountId);
    links.userOf.set(accountId, id);
  }
  return links;
}

/** Only what came from this directory: groups that are kept here are not its business. */
export async function getScimGroup(
  tx: ControlTx,
  ctx: RequestContext,
  { tenantId, id, links }: OfScimGroup & { links: Links },
): Promise<ScimGroup> {
  const group = await getGroup(tx, ctx, { tenantId, groupId: id });
  if (group.source !== 'scim') throw new AppError('not_found', 'No such group');
  const accounts = await memberIds(tx, ctx, { tenantId, groupId: id });
  return { ...group, users: accounts.flatMap((one) => links.userOf.get(one) ?? []) };
}

export async function createScimGroup(
  ctx: RequestContext,
  parts: Parts,
  { tenantId, sent }: { tenantId: string; sent: GroupInput },
): Promise<ScimGroup> {
  return ctx.inControl(async (tx) => {
    await lockTeam(tx, tenantId);
    const links = await readLinks(tx, ctx, tenantId);
    const { displayName: name, externalId } = sent;
    const made = await unique(() =>
      createGroup(tx, ctx, {
        ...{ tenantId, name, externalId, source: 'scim', role: null },
        ...{ level: null, customRoles: [] },
      }),
    );
    const of = { tenantId, groupId: made.id };
    const add = await accountsOf(tx, { tenantId, links, users: sent.members });
    const named = new Set(links.userOf.keys());
    await changeMembers(tx, ctx, { parts, ...of, change: { add, named } });
    return getScimGroup(tx, ctx, { tenantId, id: made.id, links });
  });
}

type Change = OfScimGroup & {
  parts: Parts;
  ifMatch: string | null;
  to: (group: ScimGroup) => GroupInput;
};

export async function changeScimGroup(
  ctx: RequestContext,
  { parts, ifMatch, to, tenantId, id }: Change,
): Promise<ScimGroup> {
  return ctx.inControl(async (tx) => {
    await lockTeam(tx, tenantId);
    const links = await readLinks(tx, ctx, tenantId);
    const group = await getScimGroup(tx, ctx, { tenantId, id, links });
    checkVersion(group, ifMatch);
    const sent = to(group);
    const of = { tenantId, groupId: id };
    const facts = { name: sent.displayName, externalId: sent.externalId };
    await unique(() => updateGroup(tx, ctx, { parts, ...of, to: facts }));
    const fresh = sent.members.filter((user) => !group.users.includes(user));
    const wanted = new Set(sent.members);
    const gone = group.users.filter((user) => !wanted.has(user));
    const add = await accountsOf(tx, { tenantId, links, users: fresh });
    const remove = gone.flatMap((user) => links.accountOf.get(user) ?? []);
    const change = { add, remove, named: new Set(links.userOf.keys()) };
    await changeMembers(tx, ctx, { parts, ...of, change });
    return getScimGroup(tx, ctx, { tenantId, id, links });
  });
}

export async function deleteScimGroup(
  ctx: RequestContext,
  { parts, ifMatch, tenantId, id }: OfScimGroup & { parts: Parts; ifMatch: string | null },
): Promise<void> {
  await ctx.inControl(async (tx) => {
    await lockTeam(tx, tenantId);
    const links = await readLinks(tx, ctx, tenantId);
    checkVersion(await getScimGroup(tx, ctx, { tenantId, id, links }), ifMatch);
    await removeGroup(tx, ctx, { parts, tenantId, groupId: id });
  });
}

type Users = { tenantId: string; links: Links; users: readonly string[] };

/** Whom no directory may touch is in no group of it; who is none of its people is refused. */
async function accountsOf(tx: ControlTx, { tenantId, links, users }: Users): Promise<string[]> {
  const unknown = users.filter((id) => !links.accountOf.has(id));
  if (unknown.length > 0) {
    const present = new Set((await listLinkRows(tx, tenantId)).map(({ id }) => id));
    const stranger = unknown.find((id) => !present.has(id));
    if (stranger !== undefined) throw scimError('invalidValue', `There is no user ${stranger}`);
  }
  return users.flatMap((id) => links.accountOf.get(id) ?? []);
}

async function unique<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof AppError && error.code === 'already_exists')
      throw scimError('uniqueness', 'There is a group of this name or external id already');
    throw error;
  }
}
