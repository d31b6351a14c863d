import { recordOnPlatform } from '../audit/index.ts';
import { AppError, type ControlTx, type RequestContext } from '../platform/index.ts';
import type { ClientKind } from './access-token.ts';
import type { IdentityParts } from './parts.ts';
import { randomToken } from './random-token.ts';
import { hashOfRefresh } from './refresh-hash.ts';
import {
  endAllSessions,
  findRefreshToken,
  findSessionState,
  insertRefreshToken,
  lockAccountOfToken,
  markRefreshUsed,
  revokeRefreshToken,
  touchSession,
  type RefreshRow,
} from './repo.ts';
import { trustedSession } from './rights/trusted.ts';
import { viewSession, type SessionView } from './start-session.ts';

/** Two tabs, or an answer that was lost on the way, look like reuse for this long. */
const RETRY_SECONDS = 10;

type Verdict = { kind: 'renewed'; sessionId: string; refreshToken: string } | { kind: 'refused' };

/**
 * Rotates the refresh token. Within 10 s a second use revokes the unused successor and issues
 * another; any other reuse, and any use of what was revoked, ends all sessions of the account
 * (RFC 9700, 4.14.2): one of the two who hold tokens of this session has stolen it.
 */
export async function refreshSession(
  ctx: RequestContext,
  parts: IdentityParts,
  { token, client }: { token: string; client: ClientKind },
): Promise<{ view: SessionView; refreshToken: string }> {
  const hash = hashOfRefresh(ctx, token, client);
  const verdict = await ctx.inControl((tx) => rotate(tx, ctx, { hash, client }));
  if (verdict.kind === 'refused') throw ended();
  const account = trustedSession(
    parts.rights,
    await ctx.inControl((tx) => findSessionState(tx, verdict.sessionId)),
  );
  if (!account) throw ended();
  const view = await viewSession(ctx, parts, {
    account,
    sessionId: verdict.sessionId,
    client,
  });
  return { view, refreshToken: verdict.refreshToken };
}

async function rotate(
  tx: ControlTx,
  ctx: RequestContext,
  { hash, client }: { hash: Buffer; client: ClientKind },
): Promise<Verdict> {
  await lockAccountOfToken(tx, hash);
  const row = await findRefreshToken(tx, hash);
  if (!row?.live) return { kind: 'refused' };
  if (isReuse(row)) {
    await endAllSessions(tx, row.accountId, 'refresh_token_reuse');
    await recordOnPlatform(tx, ctx, {
      action: 'session.end_all',
      resourceType: 'account',
      resourceId: row.auditId,
      after: { reason: 'refresh_token_reuse' },
    });
    return { kind: 'refused' };
  }
  const refreshToken = randomToken();
  const successor = hashOfRefresh(ctx, refreshToken, client);
  if (row.successor) await revokeRefreshToken(tx, row.successor);
  await insertRefreshToken(tx, { hash: successor, sessionId: row.sessionId });
  await markRefreshUsed(tx, { hash, successor });
  const idleHours = ctx.platform.config.CASEMATE_SESSION_IDLE_HOURS;
  await touchSession(tx, { id: row.sessionId, idleHours });
  return { kind: 'renewed', sessionId: row.sessionId, refreshToken };
}

function isReuse({ usedSeconds, successorUsed, revoked }: RefreshRow): boolean {
  if (revoked) return true;
  return usedSeconds !== null && (usedSeconds > RETRY_SECONDS || successorUsed);
}

function ended(): AppError {
  return new AppError('unauthenticated', 'This session has ended; sign in again');
}
