import { recordOnPlatform } from '../audit/index.ts';
import {
  AppError,
  newId,
  type ControlTx,
  type FactorStanding,
  type RequestContext,
} from '../platform/index.ts';
import type { ClientKind } from './access-token.ts';
import { tellBreakGlass } from './connections/break-glass.ts';
import { requireOpen } from './connections/require-open.ts';
import { markFactorShown } from './factors/repo.ts';
import { listOwnTenants } from './list-own-tenants.ts';
import type { IdentityParts } from './parts.ts';
import { randomToken } from './random-token.ts';
import { hashOfRefresh } from './refresh-hash.ts';
import {
  insertRefreshToken,
  findSessionState,
  insertSession,
  type Account,
  type OpenedBy,
} from './repo.ts';
import { sealOfShown } from './rights/row-seals.ts';
import { trustedSession } from './rights/trusted.ts';
import type { TenantView } from './session-schema.ts';

export const SESSION_DAYS = 14;

/** What a sign-in or a refresh answers; the refresh token travels in the cookie alone. */
export type SessionView = {
  accessToken: string;
  expiresAt: string;
  account: Omit<Account, 'auditId'>;
  tenants: TenantView[];
  secondFactor: SecondFactorView;
};

/** What the dashboard does first: `due` leads to showing a factor, or to making one. */
export type SecondFactorView = { due: boolean; required: boolean; enrolled: boolean };

/** A program on a phone that signs in, as its person calls it. */
export type MobileDevice = { name: string };

export type StartedSession = { sessionId: string; refreshToken: string };

type Opening = Account & {
  /** Just now, or when. */
  factorShown?: boolean | Date;
  device?: MobileDevice;
  by?: OpenedBy;
};

/**
 * Opens a session in the caller's transaction, with its first refresh token. Unless `factorShown` says
 * so it has shown no second factor: where one is due, it may do nothing but show or make one. Throws gone
 * where the connection that would open it opens nothing any more.
 */
export async function openSession(
  tx: ControlTx,
  ctx: RequestContext,
  { factorShown = false, ...account }: Opening,
): Promise<StartedSession> {
  if (account.by) await requireOpen(tx, ctx, account.by);
  const sessionId = newId();
  const client = account.device ? 'mobile' : 'browser';
  const refreshToken = randomToken();
  const expiresAt = new Date(ctx.clock.now().getTime() + SESSION_DAYS * 86_400_000);
  await insertSession(tx, {
    id: sessionId,
    accountId: account.id,
    expiresAt,
    idleHours: ctx.platform.config.CASEMATE_SESSION_IDLE_HOURS,
    userAgent: account.device?.name ?? ctx.userAgent,
    client,
    ...(account.by ? { by: account.by } : {}),
  });
  if (factorShown !== false) {
    const at = factorShown === true ? ctx.clock.now() : factorShown;
    await showFactor(tx, ctx, { sessionId, accountId: account.id, at });
  }
  if (!account.by) await tellBreakGlass(tx, ctx, account);
  const hash = hashOfRefresh(ctx, refreshToken, client);
  await insertRefreshToken(tx, { hash, sessionId });
  const actor = { ...ctx.actor, kind: 'human' as const, auditId: account.auditId };
  await recordOnPlatform(
    tx,
    { ...ctx, actor },
    {
      action: 'session.start',
      resourceType: 'session',
      resourceId: sessionId,
      ...(account.by ? { after: { connection: account.by.connectionId } } : {}),
    },
  );
  return { sessionId, refreshToken };
}

type ShownIn = { sessionId: string; accountId: string; at?: Date };

/** Writes down that a second factor was shown in this session, just now unless it says when. */
export async function showFactor(
  tx: ControlTx,
  { clock, platform }: RequestContext,
  { sessionId, accountId, at = clock.now() }: ShownIn,
): Promise<void> {
  const seal = sealOfShown(platform.pepper, { sessionId, accountId, at });
  await markFactorShown(tx, { sessionId, at, seal });
}

/** The answer to a sign-in: signs the access token, so never inside a transaction. */
export async function viewSession(
  ctx: RequestContext,
  parts: IdentityParts,
  { account, sessionId, client }: { account: Account; sessionId: string; client?: ClientKind },
): Promise<SessionView> {
  const { state, tenants } = await ctx.inControl(async (tx) => {
    const found = trustedSession(parts.rights, await findSessionState(tx, sessionId));
    if (!found) throw new AppError('unauthenticated', 'This session has ended; sign in again');
    return { state: found, tenants: await listOwnTenants(tx, parts, found) };
  });
  const issued = await parts.tokens.issue({
    accountId: account.id,
    sessionId,
    client: client ?? 'browser',
  });
  const { id, email, name, platformRole } = state;
  return {
    accessToken: issued.accessToken,
    expiresAt: issued.expiresAt.toISOString(),
    account: { id, email, name, platformRole },
    tenants,
    secondFactor: viewStanding(state.factor),
  };
}

export function viewStanding({ due, required, enrolled }: FactorStanding): SecondFactorView {
  return { due, required, enrolled };
}
