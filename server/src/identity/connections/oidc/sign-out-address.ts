import * as client from 'openid-client';
import { ownOrigins, type RequestContext } from '../../../platform/index.ts';
import type { ConnectionRow } from '../repo.ts';
import { withProvider } from './open-provider.ts';

/**
 * Where the browser ends the session at the provider, too (OpenID Connect RP-Initiated Logout 1.0); null
 * where the provider has no such place. No token of it is kept to be sent along.
 */
export function addressOfEndSession(
  ctx: RequestContext,
  connection: ConnectionRow,
): Promise<string | null> {
  const [origin] = ownOrigins(ctx.platform.config);
  return withProvider(ctx, connection, async ({ config, settings }) => {
    if (!config.serverMetadata().end_session_endpoint?.startsWith('https://')) return null;
    return client.buildEndSessionUrl(config, {
      client_id: settings.client,
      post_logout_redirect_uri: `${origin}/sign-in`,
    }).href;
  });
}
