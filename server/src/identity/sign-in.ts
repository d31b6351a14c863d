import { recordOnPlatform } from '../audit/index.ts';
import { AppError, type RequestContext } from '../platform/index.ts';
import type { AskedFor } from './factors/ask-for.ts';
import { isAsked } from './factors/counting-factors.ts';
import { askAfterPassword } from './factors/sign-in-with-factor.ts';
import type { IdentityParts } from './parts.ts';
import { refuseWhereSsoOnly } from './connections/sso-only.ts';
import { findSignIn, type AccountRow } from './repo.ts';
import { trustedAccount } from './rights/trusted.ts';
import { openSession, viewSession, type SessionView } from './start-session.ts';

/**
 * Equal answers, in equal time, for a wrong password and an unknown account. Who has a second factor gets no
 * session for the password, but a challenge.
 */
export async function signIn(
  ctx: RequestContext,
  parts: IdentityParts,
  { email, password }: { email: string; password: string },
): Promise<{ view: SessionView; refreshToken: string } | AskedFor> {
  const account = await checkPassword(ctx, parts, { email, password });
  if (await ctx.inControl((tx) => isAsked(tx, account, null)))
    return askAfterPassword(ctx, parts, account);
  const started = await ctx.inControl((tx) => openSession(tx, ctx, account));
  const view = await viewSession(ctx, parts, { account, sessionId: started.sessionId });
  return { view, refreshToken: started.refreshToken };
}

/** Whose password it is. Throws unauthenticated, in equal time, for a wrong one and an unknown account. */
export async function checkPassword(
  ctx: RequestContext,
  parts: IdentityParts,
  { email, password }: { email: string; password: string },
): Promise<AccountRow> {
  const account = trustedAccount(parts.rights, await ctx.inControl((tx) => findSignIn(tx, email)));
  const right = await parts.hasher.matches(password, account?.passwordHash ?? null);
  if (!account || !right) {
    await ctx.inControl((tx) =>
      recordOnPlatform(tx, ctx, {
        action: 'session.start',
        outcome: 'refused',
        resourceType: 'account',
        resourceId: account?.auditId ?? 'unknown',
      }),
    );
    throw new AppError('unauthenticated', 'E-mail or password is wrong');
  }
  await refuseWhereSsoOnly(ctx, parts, account);
  return account;
}
