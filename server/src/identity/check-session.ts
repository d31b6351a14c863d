import { newId, type RequestContext } from '../platform/index.ts';
import type { IdentityParts } from './parts.ts';
import { randomToken } from './random-token.ts';
import {
  deactivateAccount,
  endAllSessions,
  insertAccount,
  insertMembership,
  type Account,
} from './repo.ts';
import { openSession } from './start-session.ts';

export type CheckSession = { accountId: string; accessToken: string; refreshToken: string };

/**
 * A session for the self-check: an account that nobody can sign in to (its password hash is no
 * hash), administrator of the check's own tenant and of nothing else.
 */
export async function makeCheckSession(
  ctx: RequestContext,
  parts: IdentityParts,
  tenantId: string,
): Promise<CheckSession> {
  const id = newId();
  const account: Account = {
    id,
    auditId: newId(),
    email: `self-check+${id}@casemate.invalid`,
    name: 'Self-check',
    platformRole: null,
  };
  const passwordHash = `!${randomToken()}`;
  const seal = parts.rights.sealAccount({ ...account, passwordHash, factors: null });
  const { sessionId, refreshToken } = await ctx.inControl(async (tx) => {
    await insertAccount(tx, { ...account, passwordHash, seal });
    const membership = { accountId: id, tenantId, role: 'admin' } as const;
    await insertMembership(tx, {
      ...membership,
      seal: parts.rights.sealMembership(membership),
    });
    return openSession(tx, ctx, { ...account, factorShown: true });
  });
  const { accessToken } = await parts.tokens.issue({ accountId: id, sessionId });
  return { accountId: id, accessToken, refreshToken };
}

/** Ends the self-check's account for good. */
export async function endCheckSession(ctx: RequestContext, accountId: string): Promise<void> {
  await ctx.inControl(async (tx) => {
    await endAllSessions(tx, accountId, 'self_check_ended');
    await deactivateAccount(tx, accountId);
  });
}
