import { recordOnPlatform } from '../audit/index.ts';
import { AppError, newId, type RequestContext } from '../platform/index.ts';
import type { IdentityParts } from './parts.ts';
import { checkNewPassword, keepPassword } from './passwords/check-new-password.ts';
import { findSetupLink, spendSetupLink, type SetupLink } from './links/setup-links.ts';
import { insertAccount, type Account } from './repo.ts';
import { openSession, viewSession, type SessionView } from './start-session.ts';

type Wish = { token: string; email: string; name: string; password: string };

/** What a set-up link is for, so that its page can say so. Throws not_found when it is spent. */
export async function readSetupLink(ctx: RequestContext, token: string): Promise<SetupLink> {
  const link = await ctx.inControl((tx) => findSetupLink(tx, hashOf(ctx, token)));
  if (!link) throw goneLink();
  return link;
}

/**
 * Makes the first administrator and signs them in. The link is spent in the same transaction as the
 * account is made, so it works exactly once.
 */
export async function useSetupLink(
  ctx: RequestContext,
  parts: IdentityParts,
  wish: Wish,
): Promise<{ view: SessionView; refreshToken: string }> {
  await readSetupLink(ctx, wish.token);
  await checkNewPassword(ctx, parts, { ...wish, accountId: null });
  const passwordHash = await parts.hasher.hash(wish.password);
  const account: Account = {
    id: newId(),
    auditId: newId(),
    email: wish.email,
    name: wish.name,
    platformRole: 'super_admin',
  };
  const started = await ctx.inControl(async (tx) => {
    const link = await spendSetupLink(tx, hashOf(ctx, wish.token));
    if (link?.kind !== 'first_admin') throw goneLink();
    const seal = parts.rights.sealAccount({ ...account, passwordHash, factors: null });
    if (!(await insertAccount(tx, { ...account, passwordHash, seal })))
      throw new AppError('already_exists', 'There is an account with this e-mail; sign in instead');
    await keepPassword(tx, { accountId: account.id, hash: passwordHash });
    await recordOnPlatform(tx, ctx, {
      action: 'account.create',
      resourceType: 'account',
      resourceId: account.auditId,
      after: { platformRole: account.platformRole },
    });
    return openSession(tx, ctx, account);
  });
  const view = await viewSession(ctx, parts, { account, sessionId: started.sessionId });
  return { view, refreshToken: started.refreshToken };
}

function hashOf({ platform }: RequestContext, token: string): Buffer {
  return platform.pepper.mac('setup-link', token);
}

function goneLink(): AppError {
  return new AppError(
    'not_found',
    'This set-up link is spent, expired or mistyped; make a new one with `casemate setup-link`',
  );
}
