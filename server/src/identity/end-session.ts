import { recordOnPlatform } from '../audit/index.ts';
import type { RequestContext } from '../platform/index.ts';
import type { IdentityParts } from './parts.ts';
import { endSession, findRefreshToken } from './repo.ts';

/** Signs out: ends the session of the cookie's refresh token; an unknown token changes nothing. */
export async function signOut(
  ctx: RequestContext,
  parts: IdentityParts,
  token: string,
): Promise<void> {
  const hash = ctx.platform.pepper.mac('refresh-token', token);
  const sessionId = await ctx.inControl(async (tx) => {
    const row = await findRefreshToken(tx, hash);
    if (!row) return undefined;
    await endSession(tx, row.sessionId, 'signed_out');
    await recordOnPlatform(tx, ctx, {
      action: 'session.end',
      resourceType: 'session',
      resourceId: row.sessionId,
    });
    return row.sessionId;
  });
  if (sessionId !== undefined) parts.sessions.forget(sessionId);
}
