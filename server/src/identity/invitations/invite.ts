import { recordOnPlatform } from '../../audit/index.ts';
import {
  AppError,
  drawBudget,
  newId,
  type ControlTx,
  type RequestContext,
  type TenantRole,
} from '../../platform/index.ts';
import {
  eraseUninvited,
  findStored,
  insertInvited,
  lockAccount,
  type StoredAccount,
} from '../accounts/repo.ts';
import { endLinks } from '../links/repo.ts';
import { makeLink } from '../links/account-links.ts';
import { queueMail } from '../mail/repo.ts';
import type { IdentityParts } from '../parts.ts';
import { INVITATION_HOURS } from '../policy.ts';
import { randomToken } from '../random-token.ts';
import { listMemberships } from '../repo.ts';
import { trustedMemberships } from '../rights/trusted.ts';
import { requireFirstAdministrator } from './first-administrator.ts';
import {
  endInvitation,
  findOpenFor,
  findOpenInvitation,
  insertInvitation,
  renewInvitation,
  type Invitation,
} from './repo.ts';
import { isSealed, sealInvitation } from './sound-invitation.ts';

type Parts = Pick<IdentityParts, 'rights' | 'relay'>;
/** To a tenant with a role, or to run the platform. */
export type InvitedTo =
  { tenantId: string; role: TenantRole } | { tenantId: null; platformRole: 'super_admin' };

export type Invited = {
  id: string;
  expiresAt: Date;
  /** To be handed over, shown this once; null where the relay carries it. */
  link: string | null;
};

/** Mails of invitations, a tenant's together: nobody's address is flooded from here. */
const PER_HOUR = { name: 'invitation', limit: 200, windowSeconds: 3_600, ofStrangers: false };

/**
 * Invites whoever has the address. The answer is the same whether there is an account with it or not:
 * who is elsewhere in this house is no tenant's business.
 */
export async function invite(
  ctx: RequestContext,
  parts: Parts,
  wish: { email: string; to: InvitedTo; byPlatform?: true },
): Promise<Invited> {
  await drawInvitation(ctx, wish.to.tenantId);
  return ctx.inControl((tx) => inviteIn(tx, ctx, { ...wish, parts }));
}

type Inviting = { parts: Parts; email: string; to: InvitedTo; byPlatform?: true };

/** The same in the caller's transaction, which draws from the budget, too (`drawInvitationIn`). */
export async function inviteIn(
  tx: ControlTx,
  ctx: RequestContext,
  { parts, email, to, byPlatform }: Inviting,
): Promise<Invited & { accountId: string }> {
  const account = await findOrMake(tx, parts, email);
  if (await has(tx, parts, { account, to }))
    throw new AppError('already_exists', 'Whoever has this address is here already');
  if (byPlatform && to.tenantId !== null)
    await requireFirstAdministrator(tx, { tenantId: to.tenantId, accountId: account.id });
  const held = await findOpenFor(tx, { accountId: account.id, tenantId: to.tenantId });
  const wish = {
    accountId: account.id,
    tenantId: to.tenantId,
    role: 'role' in to ? to.role : null,
    platformRole: 'platformRole' in to ? to.platformRole : null,
    expiresAt: inSomeDays(ctx),
  };
  const invitation = await put(tx, ctx, { held, wish });
  await recordOnPlatform(tx, ctx, {
    action: 'invitation.create',
    resourceType: 'account',
    resourceId: account.auditId,
    ...(to.tenantId === null ? {} : { tenantId: to.tenantId }),
    after: { role: invitation.role ?? invitation.platformRole },
  });
  return { ...(await send(tx, ctx, { parts, invitation })), accountId: account.id };
}

type Putting = { held: Invitation | undefined; wish: Omit<Invitation, 'id' | 'invitedBy'> };

/**
 * An invitation is of whoever has sent it last, who must still be able to when it is accepted: one that
 * somebody else had sent makes place for it.
 */
async function put(
  tx: ControlTx,
  ctx: RequestContext,
  { held, wish }: Putting,
): Promise<Invitation> {
  const invitedBy = ctx.actor.accountId;
  const own = held?.invitedBy === invitedBy ? held : undefined;
  const invitation: Invitation = { ...wish, id: own?.id ?? newId(), invitedBy };
  const row = { ...invitation, seal: sealInvitation(ctx, invitation) };
  if (own) {
    await renewInvitation(tx, row);
    return invitation;
  }
  if (held) {
    await endInvitation(tx, { id: held.id, as: 'withdrawn' });
    await endLinks(tx, { accountId: held.accountId, invitationId: held.id });
  }
  await insertInvitation(tx, row);
  return invitation;
}

/** Of one tenant, or for whoever runs the platform of any. */
export type Found = { id: string; tenantId: string };

const isOf = (held: { tenantId: string | null }, tenantId: string): boolean =>
  tenantId === 'any' || held.tenantId === tenantId;

/** Sends it once more, for as long as a new one; the links of before end. */
export async function resendInvitation(
  ctx: RequestContext,
  parts: Parts,
  { id, tenantId }: Found,
): Promise<Invited> {
  await drawInvitation(ctx, tenantId === 'any' ? null : tenantId);
  return ctx.inControl(async (tx) => {
    const held = await findOpenInvitation(tx, id);
    // One that is past its time may be sent again; one that this server did not write is sealed by nobody.
    if (!held || !isOf(held, tenantId) || !isSealed(ctx, held)) throw noSuchInvitation();
    // Its link is shown here where there is no relay: a tenant's own invitation is for nobody else to open.
    if (tenantId === 'any' && held.tenantId !== null)
      await requireFirstAdministrator(tx, {
        tenantId: held.tenantId,
        accountId: held.accountId,
      });
    const wish = { ...held, expiresAt: inSomeDays(ctx) };
    const invitation = await put(tx, ctx, { held, wish });
    await record(tx, ctx, { action: 'invitation.resend', invitation });
    return send(tx, ctx, { parts, invitation });
  });
}

export async function withdrawInvitation(
  ctx: RequestContext,
  { id, tenantId }: Found,
): Promise<void> {
  await ctx.inControl(async (tx) => {
    const held = await findOpenInvitation(tx, id);
    if (!held || !isOf(held, tenantId)) throw noSuchInvitation();
    await endInvitation(tx, { id, as: 'withdrawn' });
    await endLinks(tx, { accountId: held.accountId, invitationId: id });
    await eraseUninvited(tx, held.accountId);
    await record(tx, ctx, { action: 'invitation.withdraw', invitation: held });
  });
}

async function findOrMake(tx: ControlTx, { rights }: Parts, email: string): Promise<StoredAccount> {
  if (!(await findStored(tx, { email }))) {
    const made = { id: newId(), auditId: newId(), email, passwordHash: `!${randomToken()}` };
    const seal = rights.sealAccount({ ...made, platformRole: null, factors: null }, 'invited');
    const [local = email] = email.split('@');
    await insertInvited(tx, { ...made, name: local.slice(0, 120), seal });
  }
  const found = await findStored(tx, { email });
  if (!found) throw new AppError('internal', 'The account could not be made');
  await lockAccount(tx, found.id);
  const account = await findStored(tx, { accountId: found.id });
  if (!account || account.state === 'erased' || !rights.trustsAccount(account, account.state))
    throw new AppError('not_allowed_now', 'This address can not be invited; see docs/rights.md');
  return account;
}

async function has(
  tx: ControlTx,
  { rights }: Parts,
  { account, to }: { account: StoredAccount; to: InvitedTo },
): Promise<boolean> {
  if (to.tenantId === null) return account.state === 'active' && account.platformRole !== null;
  const memberships = await listMemberships(tx, account.id);
  return trustedMemberships(rights, account.id, memberships).some(({ id }) => id === to.tenantId);
}

async function send(
  tx: ControlTx,
  ctx: RequestContext,
  { parts, invitation }: { parts: Parts; invitation: Invitation },
): Promise<Invited> {
  const { id, accountId, tenantId, expiresAt } = invitation;
  await endLinks(tx, { accountId, invitationId: id });
  if (parts.relay) {
    await queueMail(tx, { template: 'invitation', accountId, tenantId, invitationId: id });
    return { id, expiresAt, link: null };
  }
  const { url } = await makeLink(tx, ctx, {
    purpose: 'invitation',
    accountId,
    invitationId: id,
    way: 'handed_over',
    hours: INVITATION_HOURS,
  });
  return { id, expiresAt, link: url };
}

async function record(
  tx: ControlTx,
  ctx: RequestContext,
  { action, invitation }: { action: string; invitation: Invitation },
): Promise<void> {
  const { id, tenantId } = invitation;
  await recordOnPlatform(tx, ctx, {
    action,
    resourceType: 'invitation',
    resourceId: id,
    ...(tenantId === null ? {} : { tenantId }),
  });
}

async function drawInvitation(ctx: RequestContext, tenantId: string | null): Promise<void> {
  await ctx.inControl((tx) => drawInvitationIn(tx, tenantId));
}

export async function drawInvitationIn(tx: ControlTx, tenantId: string | null): Promise<void> {
  const key = tenantId ?? 'platform';
  const { granted, leftMs } = await drawBudget(tx, PER_HOUR, { key, need: 1, exactly: true });
  if (granted === 0)
    throw new AppError('rate_limited', 'Too many invitations were sent; wait a while', {
      retryAfterSeconds: Math.ceil(leftMs / 1_000),
    });
}

function inSomeDays({ clock }: RequestContext): Date {
  return new Date(clock.now().getTime() + INVITATION_HOURS * 3_600_000);
}

function noSuchInvitation(): AppError {
  return new AppError('not_found', 'No such invitation');
}
