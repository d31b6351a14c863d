import * as client from 'openid-client';
import { ownOrigins, type RequestContext } from '../../../platform/index.ts';
import type { IdentityParts } from '../../parts.ts';
import { findConnection } from '../repo.ts';
import { soundConnection } from '../seals.ts';
import { withProvider } from './open-provider.ts';

/**
 * Where the browser ends the session at the provider, too (OpenID Connect RP-Initiated Logout 1.0); null
 * where this session is of no provider, or it can not be asked. No token of it is kept to be sent along.
 */
export async function findSignOutAddress(
  ctx: RequestContext,
  parts: IdentityParts,
): Promise<string | null> {
  const state = await parts.sessions.get(ctx.actor.sessionId ?? '');
  const id = state?.connectionId ?? null;
  if (id === null) return null;
  const connection = soundConnection(ctx, await ctx.inControl((tx) => findConnection(tx, id)));
  if (connection?.kind !== 'oidc') return null;
  const [origin] = ownOrigins(ctx.platform.config);
  try {
    return await withProvider(ctx, connection, async ({ config, settings }) => {
      if (!config.serverMetadata().end_session_endpoint?.startsWith('https://')) return null;
      return client.buildEndSessionUrl(config, {
        client_id: settings.client,
        post_logout_redirect_uri: `${origin}/sign-in`,
      }).href;
    });
  } catch (error) {
    ctx.log.warn('a directory could not be asked where one signs out', { error });
    return null;
  }
}
