import * as client from 'openid-client';
import { AppError, type RequestContext } from '../../../platform/index.ts';
import { SESSION_DAYS } from '../../start-session.ts';
import type { FlowSecrets } from '../flows.ts';
import { redirectUri } from '../own-addresses.ts';
import type { ConnectionRow } from '../repo.ts';
import { withProvider } from './open-provider.ts';
import { ownFault } from './own-fault.ts';

/** @throws AppError unavailable when the provider does not answer, or calls itself otherwise than its settings do */
async function described<T>(talking: Promise<T>): Promise<T> {
  try {
    return await talking;
  } catch (cause) {
    const message =
      'The directory does not describe itself as its settings say; tell your administrator';
    throw ownFault(cause) ?? new AppError('unavailable', message, { cause });
  }
}

/** The address at the provider to which the browser goes: code flow with PKCE (RFC 7636). */
export function addressAtProvider(
  ctx: RequestContext,
  connection: ConnectionRow,
  { state, nonce, verifier }: FlowSecrets,
): Promise<string> {
  const talking = withProvider(ctx, connection, async ({ config, settings }) => {
    const scopes = ['openid', 'email', 'profile', ...settings.scopes];
    return client.buildAuthorizationUrl(config, {
      redirect_uri: redirectUri(ctx.platform.config),
      scope: [...new Set(scopes)].join(' '),
      ...{ state, nonce },
      // Makes the provider say when the person was there (OpenID Connect Core 1.0, 2: auth_time).
      max_age: String(SESSION_DAYS * 86_400),
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      ...(settings.trustedAcr.length > 0 ? { acr_values: settings.trustedAcr.join(' ') } : {}),
    }).href;
  });
  return described(talking);
}
