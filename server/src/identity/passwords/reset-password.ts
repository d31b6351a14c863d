import { recordOnPlatform } from '../../audit/index.ts';
import { AppError, type RequestContext } from '../../platform/index.ts';
import { recordOnAccount } from '../accounts/record-on-account.ts';
import { findStored, lockAccount, setPassword } from '../accounts/repo.ts';
import { locked } from '../accounts/change-state.ts';
import { findLink, makeLink, spendLink } from '../links/account-links.ts';
import { endLinks } from '../links/repo.ts';
import { queueMail } from '../mail/repo.ts';
import type { IdentityParts } from '../parts.ts';
import { HANDED_RESET_HOURS } from '../policy.ts';
import { endAllSessions } from '../repo.ts';
import { checkNewPassword, keepPassword } from './check-new-password.ts';

/**
 * Asks for a link by mail. The same statements run, and the same is answered, whether there is an
 * account with the address or not; the worker drops a mail that is for nobody.
 */
export async function requestReset(
  ctx: RequestContext,
  { relay }: Pick<IdentityParts, 'relay'>,
  email: string,
): Promise<void> {
  await ctx.inControl(async (tx) => {
    const account = await findStored(tx, { email });
    const active = account?.state === 'active' ? account : null;
    if (relay) await queueMail(tx, { template: 'reset', accountId: active?.id ?? null });
    await recordOnPlatform(tx, ctx, {
      action: 'password.ask_reset',
      resourceType: 'account',
      resourceId: active?.auditId ?? 'unknown',
    });
  });
}

/** What an administrator hands over where there is no mail; whoever opens it chooses the password. */
export async function makeResetLink(
  ctx: RequestContext,
  { rights }: Pick<IdentityParts, 'rights'>,
  accountId: string,
): Promise<{ url: string; expiresAt: Date }> {
  return ctx.inControl(async (tx) => {
    const account = await locked(tx, accountId);
    if (account.state !== 'active' || !rights.trustsAccount(account))
      throw new AppError('not_allowed_now', 'This account is not in use');
    await endLinks(tx, { accountId, purpose: 'reset' });
    await recordOnAccount(tx, ctx, { rights, account, action: 'password.make_reset_link' });
    const hours = HANDED_RESET_HOURS;
    return makeLink(tx, ctx, { purpose: 'reset', accountId, way: 'handed_over', hours });
  });
}

/** Throws not_found when the link is good for nothing. */
export async function readReset(ctx: RequestContext, token: string): Promise<{ expiresAt: Date }> {
  const link = await ctx.inControl((tx) => findLink(tx, ctx, { token, purpose: 'reset' }));
  if (!link) throw goneLink();
  return { expiresAt: link.expiresAt };
}

/**
 * Sets the password and ends all sessions. It signs nobody in: a second factor is asked for at the
 * sign-in that follows, as at every other.
 */
export async function resetPassword(
  ctx: RequestContext,
  parts: IdentityParts,
  { token, password }: { token: string; password: string },
): Promise<void> {
  const found = await ctx.inControl(async (tx) => {
    const link = await findLink(tx, ctx, { token, purpose: 'reset' });
    return link && findStored(tx, { accountId: link.accountId });
  });
  if (found?.state !== 'active' || !parts.rights.trustsAccount(found)) throw goneLink();
  const { id: accountId, email, name } = found;
  await checkNewPassword(ctx, parts, { password, email, name, accountId });
  const passwordHash = await parts.hasher.hash(password);
  await ctx.inControl(async (tx) => {
    await lockAccount(tx, accountId);
    const account = await findStored(tx, { accountId });
    if (account?.state !== 'active' || !parts.rights.trustsAccount(account)) throw goneLink();
    if (!(await spendLink(tx, ctx, { token, purpose: 'reset' }))) throw goneLink();
    const seal = parts.rights.sealAccount({ ...account, passwordHash });
    await setPassword(tx, { id: accountId, passwordHash, seal });
    await keepPassword(tx, { accountId, hash: passwordHash });
    await endLinks(tx, { accountId, purpose: 'reset' });
    const sessions = await endAllSessions(tx, accountId, 'password_reset');
    const actor = { ...ctx.actor, kind: 'human' as const, auditId: account.auditId };
    const { rights } = parts;
    const after = { sessions };
    await recordOnAccount(
      tx,
      { ...ctx, actor },
      { rights, account, action: 'password.reset', after },
    );
    if (parts.relay) await queueMail(tx, { template: 'password_changed', accountId });
  });
}

function goneLink(): AppError {
  return new AppError(
    'not_found',
    'This link was used, has expired or is mistyped; ask for a new one on the sign-in page',
  );
}
