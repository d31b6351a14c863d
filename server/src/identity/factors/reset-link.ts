import { AppError, type RequestContext } from '../../platform/index.ts';
import { recordOnAccount } from '../accounts/record-on-account.ts';
import type { IdentityParts } from '../parts.ts';
import { randomToken } from '../random-token.ts';
import { findAccount } from '../repo.ts';
import { trustedAccount } from '../rights/trusted.ts';
import { openSession, viewSession } from '../start-session.ts';
import { endChallenge, lockChallenge } from './challenge-repo.ts';
import { findReach } from './counting-factors.ts';
import { refuseBeyondReach } from './enrol.ts';
import { goneChallenge, readChallenge } from './challenge.ts';
import { insertResetLink, spendResetLink } from './repo.ts';
import { clearFactors } from './reset-factors.ts';
import type { SignedIn } from './sign-in-with-factor.ts';

const HOURS = 24;

/**
 * A one-time link for a person who has lost every factor, made by another administrator and handed over by
 * hand. It stands for the factor and not for the password, and its maker sees neither.
 */
export async function makeResetLink(
  ctx: RequestContext,
  { rights }: IdentityParts,
  email: string,
): Promise<{ token: string; expiresAt: Date }> {
  const token = randomToken();
  return ctx.inControl(async (tx) => {
    const account = trustedAccount(rights, await findAccount(tx, { email }));
    if (!account?.factors)
      throw new AppError('not_found', 'No account with this address has a second factor');
    // Four eyes: who has a session and no factor must not let themselves in.
    if (account.id === ctx.actor.accountId)
      throw new AppError('not_allowed_now', 'Another administrator must do this for you');
    const hash = hashOf(ctx, account.id, token);
    const expiresAt = await insertResetLink(tx, { hash, accountId: account.id, hours: HOURS });
    await recordOnAccount(tx, ctx, { rights, account, action: 'factor.reset_link' });
    return { token, expiresAt };
  });
}

/**
 * After the right password, or the word of a directory, the link instead of a factor: every factor goes, and the session that begins may
 * do nothing before a new one is made, where the role needs one.
 */
export async function signInWithLink(
  ctx: RequestContext,
  parts: IdentityParts,
  { challenge, link }: { challenge: string; link: string },
): Promise<SignedIn> {
  const { rights } = parts;
  const started = await ctx.inControl(async (tx) => {
    const asked = await readChallenge(tx, ctx, { token: challenge, purpose: 'sign-in' });
    const { accountId } = asked;
    if (accountId === null || !(await lockChallenge(tx, asked.hash))) throw goneChallenge();
    const account = trustedAccount(rights, await findAccount(tx, { accountId }));
    // After the word of a tenant's directory alone: the factors of an account that can do more stay.
    const { by } = asked;
    if (account && by) refuseBeyondReach(await findReach(tx, account, by.onlyTenant));
    if (!account || !(await spendResetLink(tx, { hash: hashOf(ctx, accountId, link), accountId })))
      throw new AppError('not_found', 'This link is spent, has run out, or is for somebody else');
    await endChallenge(tx, asked.hash);
    const removed = await clearFactors(tx, ctx, { rights, accountId });
    const after = { by: 'link', removed };
    await recordOnAccount(tx, ctx, { rights, account, action: 'factor.reset', after });
    return { account, ...(await openSession(tx, ctx, { ...account, ...(by ? { by } : {}) })) };
  });
  const { account, sessionId, refreshToken } = started;
  const view = await viewSession(ctx, parts, { account, sessionId });
  return { view, refreshToken, email: account.email };
}

/** Of another account the same link would be another: moving its row opens nothing. */
function hashOf({ platform }: RequestContext, accountId: string, token: string): Buffer {
  return platform.pepper.mac('factor-reset', `${accountId}|${token}`);
}
