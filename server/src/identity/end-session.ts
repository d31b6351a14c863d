import { recordOnPlatform } from '../audit/index.ts';
import type { RequestContext } from '../platform/index.ts';
import type { ClientKind } from './access-token.ts';
import type { IdentityParts } from './parts.ts';
import { hashOfRefresh } from './refresh-hash.ts';
import { endSession, findRefreshToken } from './repo.ts';

/** Signs out: ends the session of a refresh token; an unknown token changes nothing. */
export async function signOut(
  ctx: RequestContext,
  parts: IdentityParts,
  { token, client }: { token: string; client: ClientKind },
): Promise<void> {
  const hash = hashOfRefresh(ctx, token, client);
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
