import { recordOnPlatform } from '../../audit/index.ts';
import { AppError, type ControlTx, type RequestContext } from '../../platform/index.ts';
import {
  activateAccount,
  findStored,
  lockAccount,
  setPlatformRole,
  type StoredAccount,
} from '../accounts/repo.ts';
import { takeEmergency } from '../connections/break-glass.ts';
import { findEntrances } from '../connections/who-comes-in.ts';
import { settleRoles } from '../groups/settle-roles.ts';
import { findLink, spendLink, type AccountLink } from '../links/account-links.ts';
import { endLinks } from '../links/repo.ts';
import type { IdentityParts } from '../parts.ts';
import { checkNewPassword, keepPassword } from '../passwords/check-new-password.ts';
import { findSessionState, insertMembership, listMemberships } from '../repo.ts';
import { lockTeam } from '../team/repo.ts';
import { endInvitation, findOpenInvitation, type Invitation } from './repo.ts';
import { findTenantName } from './find-tenant-name.ts';
import { soundInvitation } from './sound-invitation.ts';
import { stillInvites } from './still-invites.ts';

type Parts = IdentityParts;

export type InvitationView = {
  email: string;
  tenant: string | null;
  role: string;
  expiresAt: Date;
  /** Whether the invited have an account already, and sign in to accept. */
  hasAccount: boolean;
};

/** What a link invites to, so that its page can say so. Throws not_found when it is good for nothing. */
export async function readInvitation(
  ctx: RequestContext,
  parts: Parts,
  token: string,
): Promise<InvitationView> {
  return ctx.inControl(async (tx) => {
    const link = await findLink(tx, ctx, { token, purpose: 'invitation' });
    const { invitation, account } = await invited(tx, ctx, { parts, link });
    return {
      email: account.email,
      tenant: invitation.tenantId && (await findTenantName(tx, invitation.tenantId)),
      role: invitation.role ?? invitation.platformRole ?? '',
      expiresAt: invitation.expiresAt,
      hasAccount: account.state === 'active',
    };
  });
}

/**
 * Makes the account of somebody who has none: the link shows whose the address is. It signs nobody in;
 * whoever has set the password does that as always.
 */
export async function acceptAsNew(
  ctx: RequestContext,
  parts: Parts,
  wish: { token: string; name: string; password: string },
): Promise<{ email: string }> {
  const { token, name, password } = wish;
  const { email } = await readInvitation(ctx, parts, token);
  await checkNewPassword(ctx, parts, { password, email, name, accountId: null });
  const passwordHash = await parts.hasher.hash(password);
  return ctx.inControl(async (tx) => {
    const link = await findLink(tx, ctx, { token, purpose: 'invitation' });
    const { invitation, account } = await invited(tx, ctx, { parts, link });
    if (account.state !== 'invited') throw signInFirst();
    const spent = await spendLink(tx, ctx, { token, purpose: 'invitation' });
    if (!spent) throw goneLink();
    const seal = parts.rights.sealAccount({ ...account, passwordHash });
    const verifiedBy = spent.way;
    await activateAccount(tx, { id: account.id, name, passwordHash, seal, verifiedBy });
    await keepPassword(tx, { accountId: account.id, hash: passwordHash });
    const actor = { ...ctx.actor, kind: 'human' as const, auditId: account.auditId };
    const asThem = { ...ctx, actor };
    await recordOnPlatform(tx, asThem, {
      action: 'account.create',
      resourceType: 'account',
      resourceId: account.auditId,
      after: { verifiedBy },
    });
    await give(tx, asThem, { parts, invitation, account: { ...account, passwordHash } });
    return { email: account.email };
  });
}

/** For somebody who has an account and is signed in to it. */
export async function acceptAsMember(
  ctx: RequestContext,
  parts: Parts,
  token: string,
): Promise<{ tenantId: string | null }> {
  const given = await ctx.inControl(async (tx) => {
    const link = await findLink(tx, ctx, { token, purpose: 'invitation' });
    // Of another's invitation it is not said whose it is; and it is not spent.
    if (link?.accountId !== ctx.actor.accountId) throw goneLink();
    const { invitation, account } = await invited(tx, ctx, { parts, link });
    if (account.state !== 'active') throw goneLink();
    await refuseOtherTenant(tx, ctx, invitation);
    if (!(await spendLink(tx, ctx, { token, purpose: 'invitation' }))) throw goneLink();
    await give(tx, ctx, { parts, invitation, account });
    return { tenantId: invitation.tenantId };
  });
  if (ctx.actor.sessionId !== null) parts.sessions.forget(ctx.actor.sessionId);
  return given;
}

/** The word of a tenant's directory takes nothing on for its person that lies beyond the tenant. */
async function refuseOtherTenant(
  tx: ControlTx,
  { actor }: RequestContext,
  { tenantId }: Invitation,
): Promise<void> {
  const session = await findSessionState(tx, actor.sessionId ?? '');
  const onlyTenant = session?.onlyTenant ?? null;
  if (onlyTenant === null || onlyTenant === tenantId) return;
  throw new AppError(
    'forbidden',
    'Sign in with your password to accept this: your directory’s sign-in is for its own tenant alone. Who has none yet sets one by “Forgot password”',
  );
}

type Invited = { invitation: Invitation; account: StoredAccount };

/** Under the locks of account and invitation: two that accept, and one who withdraws, take turns. */
async function invited(
  tx: ControlTx,
  ctx: RequestContext,
  { parts, link }: { parts: Parts; link: AccountLink | undefined },
): Promise<Invited> {
  if (!link?.invitationId) throw goneLink();
  await lockAccount(tx, link.accountId);
  const account = await findStored(tx, { accountId: link.accountId });
  const invitation = soundInvitation(ctx, await findOpenInvitation(tx, link.invitationId));
  if (!account || invitation?.accountId !== account.id) throw goneLink();
  if (account.state !== 'invited' && account.state !== 'active') throw goneLink();
  if (!parts.rights.trustsAccount(account, account.state)) throw goneLink();
  if (!(await stillInvites(tx, parts, invitation))) throw goneLink();
  return { invitation, account };
}

async function give(
  tx: ControlTx,
  ctx: RequestContext,
  { parts, invitation, account }: Invited & { parts: Parts },
): Promise<void> {
  const { tenantId, role, platformRole } = invitation;
  if (tenantId !== null && role !== null) {
    const memberships = await listMemberships(tx, account.id);
    if (memberships.some(({ id }) => id === tenantId))
      throw new AppError('not_allowed_now', 'You are in this tenant already');
    const membership = { accountId: account.id, tenantId, role };
    const seal = parts.rights.sealMembership(membership);
    await lockTeam(tx, tenantId);
    const before = await findEntrances(tx, ctx, { parts, tenantId });
    await insertMembership(tx, { ...membership, seal });
    // A directory may have put them into groups before they came.
    await settleRoles(tx, ctx, { parts, tenantId, accountIds: [account.id] });
    await takeEmergency(tx, ctx, { parts, tenantId, account, before });
  } else if (platformRole !== null) {
    const seal = parts.rights.sealAccount({ ...account, platformRole });
    await setPlatformRole(tx, { id: account.id, platformRole, seal });
  }
  await endInvitation(tx, { id: invitation.id, as: 'accepted' });
  await endLinks(tx, { accountId: account.id, invitationId: invitation.id });
  await recordOnPlatform(tx, ctx, {
    action: tenantId === null ? 'account.promote' : 'membership.create',
    resourceType: 'account',
    resourceId: account.auditId,
    ...(tenantId === null ? {} : { tenantId }),
    after: { role: role ?? platformRole },
  });
}

function goneLink(): AppError {
  return new AppError(
    'not_found',
    'This invitation was used, withdrawn, has expired or is mistyped; ask for a new one',
  );
}

function signInFirst(): AppError {
  return new AppError('not_allowed_now', 'You have an account already: sign in, then accept');
}
