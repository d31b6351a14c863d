import { recordOnPlatform } from '../../audit/index.ts';
import { AppError, drawBudget, type RequestContext } from '../../platform/index.ts';
import {
  askNewEmail,
  findStored,
  lockAccount,
  setName,
  setPassword,
  takeNewEmail,
  type StoredAccount,
} from '../accounts/repo.ts';
import { findLink, spendLink } from '../links/account-links.ts';
import { endLinks } from '../links/repo.ts';
import { queueMail } from '../mail/repo.ts';
import type { IdentityParts } from '../parts.ts';
import { checkNewPassword, keepPassword } from '../passwords/check-new-password.ts';
import { endOtherSessions } from './repo.ts';
import { requireWithinTenant } from './require-within-tenant.ts';

/** Changes the password of whoever asks; their other devices are signed out. */
export async function changePassword(
  ctx: RequestContext,
  parts: IdentityParts,
  wish: { current: string; password: string },
): Promise<void> {
  const { current, password } = wish;
  const { id: accountId, email, name } = await confirmed(ctx, parts, current);
  await checkNewPassword(ctx, parts, { password, email, name, accountId });
  const passwordHash = await parts.hasher.hash(password);
  await ctx.inControl(async (tx) => {
    await lockAccount(tx, accountId);
    const account = await own(tx, parts, accountId);
    const seal = parts.rights.sealAccount({ ...account, passwordHash });
    await setPassword(tx, { id: accountId, passwordHash, seal });
    await keepPassword(tx, { accountId, hash: passwordHash });
    await endLinks(tx, { accountId, purpose: 'reset' });
    const keep = ctx.actor.sessionId ?? '';
    const sessions = await endOtherSessions(tx, { accountId, keep, reason: 'password_changed' });
    await recordOnPlatform(tx, ctx, {
      action: 'password.change',
      resourceType: 'account',
      resourceId: account.auditId,
      after: { sessions },
    });
    if (parts.relay) await queueMail(tx, { template: 'password_changed', accountId });
  });
}

export async function changeName(
  ctx: RequestContext,
  { rights }: Pick<IdentityParts, 'rights'>,
  name: string,
): Promise<void> {
  const { accountId, auditId, sessionId } = ctx.actor;
  await ctx.inControl(async (tx) => {
    await requireWithinTenant(tx, ctx, rights);
    await setName(tx, { id: accountId ?? '', name });
    await recordOnPlatform(tx, ctx, {
      action: 'account.rename',
      resourceType: 'account',
      resourceId: auditId ?? sessionId ?? 'unknown',
    });
  });
}

/**
 * Asks for another address: the new one gets a link, the present one is told. Where there is no relay an
 * administrator hands the link over, after having seen whose the address is. The answer is the same
 * for an address that somebody else has; that one gets no mail.
 */
export async function askForEmail(
  ctx: RequestContext,
  parts: IdentityParts,
  { email, password }: { email: string; password: string },
): Promise<void> {
  const { id: accountId, auditId } = await confirmed(ctx, parts, password);
  await ctx.inControl(async (tx) => {
    await lockAccount(tx, accountId);
    const taken = await findStored(tx, { email });
    await endLinks(tx, { accountId, purpose: 'email' });
    await askNewEmail(tx, { id: accountId, email: taken ? null : email });
    if (parts.relay) {
      await queueMail(tx, { template: 'email_verify', accountId });
      await queueMail(tx, { template: 'email_changing', accountId });
    }
    await recordOnPlatform(tx, ctx, {
      action: 'account.ask_email',
      resourceType: 'account',
      resourceId: auditId,
    });
  });
}

/** The link of the new address, opened by whoever is signed in to the account that asked for it. */
export async function takeEmail(
  ctx: RequestContext,
  parts: IdentityParts,
  token: string,
): Promise<{ email: string }> {
  const accountId = ctx.actor.accountId ?? '';
  return ctx.inControl(async (tx) => {
    await lockAccount(tx, accountId);
    const account = await own(tx, parts, accountId);
    const email = account.newEmail ?? '';
    const shown = { token, purpose: 'email', binds: () => Promise.resolve(email) } as const;
    const link = await findLink(tx, ctx, shown);
    if (link?.accountId !== accountId || email === '') throw goneLink();
    const spent = await spendLink(tx, ctx, shown);
    if (!spent) throw goneLink();
    const seal = parts.rights.sealAccount({ ...account, email });
    if (!(await takeNewEmail(tx, { id: accountId, email, seal, verifiedBy: spent.way })))
      throw goneLink();
    await recordOnPlatform(tx, ctx, {
      action: 'account.change_email',
      resourceType: 'account',
      resourceId: account.auditId,
    });
    if (parts.relay) await queueMail(tx, { template: 'email_changed', accountId });
    return { email };
  });
}

/** Whoever changes what lets them in shows the password once more. */
async function confirmed(
  ctx: RequestContext,
  parts: IdentityParts,
  password: string,
): Promise<StoredAccount> {
  const account = await ctx.inControl((tx) => own(tx, parts, ctx.actor.accountId ?? ''));
  // What begins with ! is no hash: this account has no password.
  const hash = account.passwordHash.startsWith('!') ? null : account.passwordHash;
  if (hash !== null) await drawTry(ctx, account.id);
  if (hash !== null && (await parts.hasher.matches(password, hash))) return account;
  await ctx.inControl((tx) =>
    recordOnPlatform(tx, ctx, {
      action: 'password.confirm',
      outcome: 'refused',
      resourceType: 'account',
      resourceId: account.auditId,
    }),
  );
  const message = 'This is not your present password';
  throw new AppError('invalid_input', message, { fields: [{ path: 'current', message }] });
}

/** So few tries of a minute, in all processes: who found an open browser must not guess the password. */
async function drawTry(ctx: RequestContext, accountId: string): Promise<void> {
  const { CASEMATE_PASSWORD_CHANGE_PER_MINUTE: limit } = ctx.platform.config;
  const budget = { name: 'password-change', limit, windowSeconds: 60, ofStrangers: false };
  const { granted, leftMs } = await ctx.inControl((tx) =>
    drawBudget(tx, budget, { key: accountId, need: 1 }),
  );
  if (granted > 0) return;
  const retryAfterSeconds = Math.ceil(leftMs / 1_000);
  throw new AppError('rate_limited', 'Wait a minute, then try again', { retryAfterSeconds });
}

async function own(
  tx: Parameters<typeof findStored>[0],
  { rights }: IdentityParts,
  accountId: string,
): Promise<StoredAccount> {
  const account = await findStored(tx, { accountId });
  if (account?.state !== 'active' || !rights.trustsAccount(account))
    throw new AppError('unauthenticated', 'Sign in first');
  return account;
}

function goneLink(): AppError {
  return new AppError(
    'not_found',
    'This link was used, has expired, is mistyped, or belongs to another account',
  );
}
