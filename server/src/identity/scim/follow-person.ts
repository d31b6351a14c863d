import { recordOnPlatform } from '../../audit/index.ts';
import { AppError, type ControlTx, type RequestContext } from '../../platform/index.ts';
import { deactivateIn, reactivateIn } from '../accounts/change-state.ts';
import {
  cancelJobsOfAccount,
  eraseUninvited,
  findStored,
  lockAccount,
  revokeKeysOfAccount,
  setName,
  type StoredAccount,
} from '../accounts/repo.ts';
import { listStandings } from '../groups/repo.ts';
import { keepingAdmins } from '../groups/keep-admins.ts';
import { ownOf, settleRoles } from '../groups/settle-roles.ts';
import { drawInvitationIn, inviteIn } from '../invitations/invite.ts';
import { endInvitation, findOpenFor } from '../invitations/repo.ts';
import { endLinks } from '../links/repo.ts';
import { queueMail } from '../mail/repo.ts';
import type { IdentityParts } from '../parts.ts';
import { listMemberships } from '../repo.ts';
import { listTeamRows, lockTeam } from '../team/repo.ts';
import { soundDirectoryUser } from './directory-seal.ts';
import { giveMembership, makePutIn, mayPutIn } from './put-in.ts';
import {
  countOtherTenants,
  endMembership,
  findDeleted,
  isLinked,
  type DirectoryFacts,
} from './repo.ts';

type Parts = Pick<IdentityParts, 'rights' | 'relay'>;
type Standing = Pick<DirectoryFacts, 'accountId' | 'owned' | 'ended'>;
type Of = { parts: Parts; tenantId: string };

/*
 * Locks are taken in one order, as by who accepts an invitation: the person of the directory, the account,
 * the team.
 */

/**
 * What becomes of a person whom the directory names. Whoever is in the tenant already is linked; who is new, with
 * an address of the tenant's own domain that its connection lets in, is put in; everybody else is invited,
 * whether they have an account in this house or not, so that the directory learns nothing of it. Administrators of the platform are never touched: `accountId` is null then.
 */
export async function takeIn(
  tx: ControlTx,
  ctx: RequestContext,
  { parts, tenantId, email, name }: Of & { email: string; name: string },
): Promise<Standing> {
  const present = await findStored(tx, { email });
  if (present) await lockAccount(tx, present.id);
  const account = present && (await findStored(tx, { accountId: present.id }));
  if (!account || account.state === 'erased') {
    if (await mayPutIn(tx, ctx, { tenantId, email })) {
      const made = await makePutIn(tx, ctx, { parts, tenantId, email, name });
      if (made !== null) return { accountId: made, owned: true, ended: null };
    }
    const accountId = await ask(tx, ctx, { parts, tenantId, email });
    await setName(tx, { id: accountId, name });
    return { accountId, owned: true, ended: null };
  }
  const untouched = { accountId: null, owned: false, ended: null };
  if (account.platformRole !== null || !parts.rights.trustsAccount(account, account.state))
    return untouched;
  const of = { tenantId, accountId: account.id };
  if (await isLinked(tx, of)) return untouched;
  if (account.state === 'deactivated') return returnOf(tx, ctx, { parts, account, of });
  const memberships = await listMemberships(tx, account.id);
  if (!memberships.some(({ id }) => id === tenantId))
    await ask(tx, ctx, { parts, tenantId, email });
  return { accountId: account.id, owned: false, ended: null };
}

async function ask(
  tx: ControlTx,
  ctx: RequestContext,
  { parts, tenantId, email }: Of & { email: string },
): Promise<string> {
  await drawInvitationIn(tx, tenantId);
  const to = { tenantId, role: 'member' } as const;
  return (await inviteIn(tx, ctx, { parts, email, to })).accountId;
}

type Returning = {
  parts: Parts;
  account: StoredAccount;
  of: { tenantId: string; accountId: string };
};

/** Somebody whom this directory had shut out comes again; nobody else's closed account is opened. */
async function returnOf(
  tx: ControlTx,
  ctx: RequestContext,
  { parts, account, of }: Returning,
): Promise<Standing> {
  const before = soundDirectoryUser(ctx.platform.pepper, await findDeleted(tx, of));
  if (before?.ended !== 'account') return { accountId: null, owned: false, ended: null };
  await lockTeam(tx, of.tenantId);
  await reactivateIn(tx, ctx, { parts, account });
  await settleRoles(tx, ctx, { parts, tenantId: of.tenantId, accountIds: [account.id] });
  return { accountId: account.id, owned: true, ended: null };
}

/**
 * The person is gone from the directory: everything that the directory gave ends at once. The account
 * itself ends only where this directory made it and no other tenant has it.
 *
 * @throws AppError not_allowed_now for the last administrator, or the last whose role is from here
 */
export async function letGo(
  tx: ControlTx,
  ctx: RequestContext,
  { parts, tenantId, ...standing }: Of & Standing,
): Promise<DirectoryFacts['ended']> {
  const { accountId, owned } = standing;
  const account = accountId === null ? undefined : await findLocked(tx, accountId);
  if (!account || account.platformRole !== null) return null;
  const of = { tenantId, accountId: account.id };
  await lockTeam(tx, tenantId);
  await keepLocalAdmin(tx, ctx, { parts, ...of });
  const invitation = await findOpenFor(tx, of);
  if (invitation) {
    await endInvitation(tx, { id: invitation.id, as: 'withdrawn' });
    await endLinks(tx, { accountId: account.id, invitationId: invitation.id });
    await eraseUninvited(tx, account.id);
  }
  if (owned && account.state === 'active' && (await countOtherTenants(tx, of)) === 0) {
    const change = (): Promise<void> => deactivateIn(tx, ctx, { parts, account });
    await keepingAdmins(tx, ctx, { parts, tenantId, change });
    return 'account';
  }
  const memberships = await listMemberships(tx, account.id);
  const membership = memberships.find(({ id }) => id === tenantId);
  if (!membership) return invitation ? 'membership' : null;
  await keepingAdmins(tx, ctx, { parts, tenantId, change: () => endMembership(tx, of) });
  await revokeKeysOfAccount(tx, of);
  const jobs = await cancelJobsOfAccount(tx, of);
  await recordOnPlatform(tx, ctx, {
    action: 'membership.remove',
    resourceType: 'account',
    resourceId: account.auditId,
    tenantId,
    before: { role: membership.standing.role },
    after: { jobs, by: 'directory' },
  });
  if (parts.relay) await queueMail(tx, { template: 'removed', ...of });
  return 'membership';
}

/** The person is back: what ended with them comes back, or they are invited anew. */
export async function takeBack(
  tx: ControlTx,
  ctx: RequestContext,
  wish: Of & Standing & { email: string; name: string },
): Promise<Standing> {
  const { parts, tenantId, accountId, owned, ended } = wish;
  const account = accountId === null ? undefined : await findLocked(tx, accountId);
  const own = account?.platformRole === null && owned && ended === 'account';
  if (account?.state === 'deactivated' && own) {
    await lockTeam(tx, tenantId);
    await reactivateIn(tx, ctx, { parts, account });
    await settleRoles(tx, ctx, { parts, tenantId, accountIds: [account.id] });
    return { accountId, owned, ended: null };
  }
  if (!account || account.state === 'erased') return takeIn(tx, ctx, wish);
  if (account.platformRole !== null || account.state === 'deactivated')
    return { accountId, owned, ended };
  const memberships = await listMemberships(tx, account.id);
  if (!memberships.some(({ id }) => id === tenantId)) {
    const { email } = account;
    const isOwn = owned && account.state === 'active';
    if (isOwn && (await mayPutIn(tx, ctx, { tenantId, email })))
      await giveMembership(tx, ctx, { parts, tenantId, account });
    else await ask(tx, ctx, { parts, tenantId, email });
  }
  return { accountId, owned, ended: null };
}

/** Only of an account that is this directory's alone. */
export async function rename(
  tx: ControlTx,
  { tenantId, accountId, owned, name }: Standing & { tenantId: string; name: string },
): Promise<void> {
  const account = accountId !== null && owned ? await findLocked(tx, accountId) : undefined;
  if (!account || account.state === 'erased' || account.platformRole !== null) return;
  const others = await countOtherTenants(tx, { tenantId, accountId: account.id });
  if (others === 0 && account.name !== name) await setName(tx, { id: account.id, name });
}

async function findLocked(tx: ControlTx, accountId: string): Promise<StoredAccount | undefined> {
  await lockAccount(tx, accountId);
  return findStored(tx, { accountId });
}

/** One administrator is left whose role is no directory's: a directory that errs locks nobody out. */
async function keepLocalAdmin(
  tx: ControlTx,
  ctx: RequestContext,
  { parts, tenantId, accountId }: Of & { accountId: string },
): Promise<void> {
  const team = await listTeamRows(tx, tenantId);
  const rows = await listStandings(tx, {
    tenantId,
    accountIds: team.map((one) => one.accountId),
  });
  const local = rows.filter(
    (row) =>
      row.state === 'active' &&
      parts.rights.trustsMembership(row) &&
      ownOf(ctx, row).role === 'admin',
  );
  if (local.length === 1 && local[0]?.accountId === accountId)
    throw new AppError(
      'not_allowed_now',
      'This is the last administrator whose role no directory gives: make somebody else one first',
    );
}
