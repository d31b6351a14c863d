import { recordOnPlatform } from '../audit/index.ts';
import { newId, type ControlTx, type RequestContext } from '../platform/index.ts';
import type { IdentityParts } from './parts.ts';
import { randomToken } from './random-token.ts';
import {
  insertRefreshToken,
  insertSession,
  listMemberships,
  type Account,
  type Membership,
} from './repo.ts';
import { trustedMemberships } from './rights/trusted.ts';

export const SESSION_DAYS = 14;

/** What a sign-in or a refresh answers; the refresh token travels in the cookie alone. */
export type SessionView = {
  accessToken: string;
  expiresAt: string;
  account: Omit<Account, 'auditId'>;
  tenants: Membership[];
};

export type StartedSession = { sessionId: string; refreshToken: string };

/** Opens a session in the caller's transaction, with its first refresh token. */
export async function openSession(
  tx: ControlTx,
  ctx: RequestContext,
  account: Account,
): Promise<StartedSession> {
  const sessionId = newId();
  const refreshToken = randomToken();
  const expiresAt = new Date(ctx.clock.now().getTime() + SESSION_DAYS * 86_400_000);
  await insertSession(tx, {
    id: sessionId,
    accountId: account.id,
    expiresAt,
    userAgent: ctx.userAgent,
  });
  const hash = ctx.platform.pepper.mac('refresh-token', refreshToken);
  await insertRefreshToken(tx, { hash, sessionId });
  const actor = { ...ctx.actor, kind: 'human' as const, auditId: account.auditId };
  await recordOnPlatform(
    tx,
    { ...ctx, actor },
    {
      action: 'session.start',
      resourceType: 'session',
      resourceId: sessionId,
    },
  );
  return { sessionId, refreshToken };
}

/** The answer to a sign-in: signs the access token, so never inside a transaction. */
export async function viewSession(
  ctx: RequestContext,
  parts: IdentityParts,
  { account, sessionId }: { account: Account; sessionId: string },
): Promise<SessionView> {
  const memberships = await ctx.inControl((tx) => listMemberships(tx, account.id));
  const tenants = trustedMemberships(parts.rights, account.id, memberships);
  const issued = await parts.tokens.issue({ accountId: account.id, sessionId });
  const { id, email, name, platformRole } = account;
  return {
    accessToken: issued.accessToken,
    expiresAt: issued.expiresAt.toISOString(),
    account: { id, email, name, platformRole },
    tenants,
  };
}
