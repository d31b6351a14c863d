import * as client from 'openid-client';
import { AppError, type RequestContext } from '../../../platform/index.ts';
import { requireListedHost } from '../listed-host.ts';
import { openSecret } from '../open-secret.ts';
import { placeOf } from '../places-of.ts';
import type { ConnectionRow } from '../repo.ts';
import { oidcSettings, type OidcSettings } from '../settings.ts';
import { createOutgoing } from './outgoing.ts';

/** What the signatures of a provider may be made with: asymmetric ones, of two kinds. */
export const ALGORITHMS = ['RS256', 'ES256'];
const SKEW_SECONDS = 60;
/** Where the server or a browser goes by a description. */
const NAMED = [
  'authorization_endpoint',
  'token_endpoint',
  'userinfo_endpoint',
  'jwks_uri',
  'end_session_endpoint',
] as const;

export type Provider = {
  readonly settings: OidcSettings;
  readonly config: client.Configuration;
  /** The keys with which it signs now. */
  keys(): Promise<client.JWKS>;
};

/**
 * Talks to a provider, from its description on (OpenID Connect Discovery 1.0): that is read anew each
 * time, as are its keys, so that what it changes counts at once. The secret is opened for this alone.
 */
export async function withProvider<T>(
  ctx: RequestContext,
  connection: ConnectionRow,
  talk: (provider: Provider) => Promise<T>,
): Promise<T> {
  const settings = oidcSettings.parse(connection.settings);
  const outgoing = createOutgoing(ctx.platform.config);
  const fetch: client.CustomFetch = (url, options) => outgoing.fetch(url, options);
  try {
    const secret = await openSecret(ctx, connection.id);
    const auth = secret === null ? client.None() : authOf(secret);
    const metadata = { [client.clockTolerance]: SKEW_SECONDS };
    const found = await client.discovery(
      new URL(settings.issuer),
      settings.client,
      metadata,
      auth,
      {
        [client.customFetch]: fetch,
      },
    );
    const server = JSON.parse(JSON.stringify(found.serverMetadata())) as client.ServerMetadata;
    const config = new client.Configuration(narrowed(ctx, server), settings.client, metadata, auth);
    config[client.customFetch] = fetch;
    // Else a token that came over TLS would be believed without its signature (ASVS 6.8.2).
    client.enableNonRepudiationChecks(config);
    const keys = async (): Promise<client.JWKS> => {
      const answer = await outgoing.fetch(String(server.jwks_uri), {});
      return (await answer.json()) as client.JWKS;
    };
    return await talk({ settings, config, keys });
  } finally {
    await outgoing.close();
  }
}

/**
 * The provider's own words, without what is not taken from anybody. A browser, too, is sent to listed hosts
 * alone: else a description is a way to lead people from our sign-in page to any other.
 */
function narrowed(
  { platform }: RequestContext,
  server: client.ServerMetadata,
): client.ServerMetadata {
  const offered = server.id_token_signing_alg_values_supported ?? ALGORITHMS;
  const taken = offered.filter((one) => ALGORITHMS.includes(one));
  if (taken.length === 0)
    throw new AppError(
      'unavailable',
      `The directory signs with ${offered.join(', ')}; one of ${ALGORITHMS.join(', ')} is needed`,
    );
  for (const address of [server.authorization_endpoint, server.token_endpoint, server.jwks_uri])
    if (!address?.startsWith('https://'))
      throw new AppError('unavailable', 'The description of the directory lacks an https address');
  for (const name of NAMED) {
    const address = server[name];
    if (address !== undefined) requireListedHost(platform.config, placeOf(new URL(address)));
  }
  return { ...server, id_token_signing_alg_values_supported: taken };
}

/** As the client says it is able to: HTTP Basic, which every provider takes (RFC 6749, 2.3.1). */
function authOf(secret: string): client.ClientAuth {
  return client.ClientSecretBasic(secret);
}
