import { recordOnPlatform } from '../../audit/index.ts';
import { AppError, newId, type ControlTx, type RequestContext } from '../../platform/index.ts';
import type { IdentityParts } from '../parts.ts';
import { sealOfDirectoryUser, soundDirectoryUser } from './directory-seal.ts';
import { letGo, rename, takeBack, takeIn } from './follow-person.ts';
import { openDirectory, type DirectoryKeys } from './directory-people.ts';
import {
  countDirectory,
  insertUser,
  listUserRows,
  lockUserRow,
  markDeleted,
  updateUser,
  type DirectoryRow,
  type DirectoryUser,
} from './repo.ts';
import { scimError } from './scim-error.ts';
import { emailOf, shownName, type UserInput } from './user-schema.ts';

type Parts = Pick<IdentityParts, 'rights' | 'relay'>;
export type OfUser = { tenantId: string; id: string };

const MOST_USERS = 50_000;

/** @throws AppError already_exists (uniqueness) for a userName that is there */
export async function createUser(
  ctx: RequestContext,
  parts: Parts,
  { tenantId, sent }: { tenantId: string; sent: UserInput },
): Promise<DirectoryRow> {
  const [email, name] = [emailOf(sent), shownName(sent)];
  const keys = await openDirectory(ctx);
  return ctx.inControl(async (tx) => {
    const { userName } = sent;
    if ((await listUserRows(tx, keys, { tenantId, userName })).length > 0) throw taken();
    if ((await countDirectory(tx, tenantId)).users >= MOST_USERS)
      throw new AppError('not_allowed_now', `There are ${MOST_USERS} people already`);
    const standing = sent.active
      ? await takeIn(tx, ctx, { parts, tenantId, email, name })
      : { accountId: null, owned: false, ended: null };
    const user: DirectoryUser = { ...sent, ...standing, id: newId(), tenantId };
    const seal = sealOfDirectoryUser(ctx.platform.pepper, user);
    if (!(await insertUser(tx, keys, { ...user, seal }))) throw taken();
    await record(tx, ctx, { action: 'directory_user.create', user });
    return getUser(tx, ctx, { ...user, keys });
  });
}

/** The row, locked; throws not_found also for one that somebody else wrote. */
export async function getUser(
  tx: ControlTx,
  { platform: { pepper } }: RequestContext,
  { keys, ...of }: OfUser & { keys: DirectoryKeys },
): Promise<DirectoryRow> {
  const row = soundDirectoryUser(pepper, await lockUserRow(tx, keys, of));
  if (!row) throw new AppError('not_found', `There is no user ${of.id}`);
  return row;
}

type Change = OfUser & {
  parts: Parts;
  /** The versions that the sender knows; null: whatever is there. */
  ifMatch: string | null;
  /** What the person is to be, from what they are. */
  to: (row: DirectoryRow) => UserInput;
};

/** What a PUT or PATCH changes, in one transaction with what follows from it. */
export async function changeUser(
  ctx: RequestContext,
  { parts, to, ifMatch, ...of }: Change,
): Promise<DirectoryRow> {
  const keys = await openDirectory(ctx);
  return ctx.inControl(async (tx) => {
    const row = await getUser(tx, ctx, { ...of, keys });
    checkVersion(row, ifMatch);
    const sent = to(row);
    const [email, name] = [emailOf(sent), shownName(sent)];
    const { tenantId } = of;
    let { accountId, owned, ended } = row;
    if (row.active && !sent.active) ended = await letGo(tx, ctx, { parts, ...row });
    if (!row.active && sent.active)
      ({ accountId, owned, ended } = await takeBack(tx, ctx, { parts, ...row, email, name }));
    await rename(tx, { tenantId, accountId, owned, ended, name });
    const user: DirectoryUser = { ...row, ...sent, accountId, owned, ended };
    const seal = sealOfDirectoryUser(ctx.platform.pepper, user);
    if (!(await updateUser(tx, keys, { ...user, seal }))) throw taken();
    await record(tx, ctx, { action: 'directory_user.update', user });
    return getUser(tx, ctx, { ...of, keys });
  });
}

/** Ends what the directory gave; the person is no longer among its own. */
export async function deleteUser(
  ctx: RequestContext,
  { parts, ifMatch, ...of }: OfUser & { parts: Parts; ifMatch: string | null },
): Promise<void> {
  const keys = await openDirectory(ctx);
  await ctx.inControl(async (tx) => {
    const row = await getUser(tx, ctx, { ...of, keys });
    checkVersion(row, ifMatch);
    const ended = row.active ? await letGo(tx, ctx, { parts, ...row }) : row.ended;
    const user: DirectoryUser = { ...row, active: false, ended };
    const seal = sealOfDirectoryUser(ctx.platform.pepper, user);
    await updateUser(tx, keys, { ...user, seal });
    await markDeleted(tx, row.id);
    await record(tx, ctx, { action: 'directory_user.remove', user });
  });
}

/** RFC 7644, 3.14: what was changed meanwhile is not written over. */
export function checkVersion({ version }: { version: number }, ifMatch: string | null): void {
  if (ifMatch === null || ifMatch.trim() === '*') return;
  const wanted = ifMatch.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  if (!wanted.includes(`"${version}"`))
    throw new AppError('changed_meanwhile', 'It was changed meanwhile: read it again');
}

async function record(
  tx: ControlTx,
  ctx: RequestContext,
  { action, user }: { action: string; user: DirectoryUser },
): Promise<void> {
  const { id, tenantId, active, ended, owned, accountId } = user;
  await recordOnPlatform(tx, ctx, {
    action,
    resourceType: 'directory_user',
    resourceId: id,
    tenantId,
    after: { active, ended, owned, linked: accountId !== null },
  });
}

function taken(): AppError {
  return scimError('uniqueness', 'There is a user of this userName, or of this account, already');
}
