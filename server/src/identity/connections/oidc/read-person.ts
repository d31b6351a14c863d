import * as client from 'openid-client';
import type { DirectoryPerson } from '../admit-from-directory.ts';
import type { OidcSettings } from '../settings.ts';
import type { Shown } from '../shown.ts';
import type { Provider } from './open-provider.ts';

type Answered = { currentUrl: URL; state: string; nonce: string; verifier: string };

const MOST_GROUPS = 2_000;
const MOST_LENGTH = 300;

/**
 * Exchanges the code for tokens and checks them (OpenID Connect Core 1.0, 3.1.3): state, issuer of the
 * answer, signature, issuer, audience, times and nonce of the token, and the verifier at the provider.
 */
export async function readPerson(
  { config, settings }: Provider,
  { currentUrl, state, nonce, verifier }: Answered,
): Promise<Shown> {
  const tokens = await client.authorizationCodeGrant(config, currentUrl, {
    expectedState: state,
    expectedNonce: nonce,
    pkceCodeVerifier: verifier,
    idTokenExpected: true,
  });
  const token = tokens.claims();
  if (!token) throw new Error('the provider sent no ID token');
  const more =
    config.serverMetadata().userinfo_endpoint === undefined
      ? {}
      : await client.fetchUserInfo(config, tokens.access_token, token.sub);
  // What is signed stands before what is not.
  const claims: Record<string, unknown> = { ...more, ...token };
  return {
    person: personOf(claims, settings),
    session: typeof token['sid'] === 'string' ? token['sid'] : null,
    factor: hasFactor(token, settings),
    authenticatedAt: typeof token.auth_time === 'number' ? new Date(token.auth_time * 1_000) : null,
    claims,
  };
}

function personOf(claims: Record<string, unknown>, settings: OidcSettings): DirectoryPerson {
  const email = textOf(claims['email'], 254);
  return {
    subject: String(claims['sub']),
    email,
    // Nothing but true: some providers say it in words.
    emailVouched: email !== null && claims['email_verified'] === true,
    name: textOf(claims['name'], MOST_LENGTH) ?? textOf(claims['preferred_username'], MOST_LENGTH),
    groups: groupsOf(claims[settings.groupsClaim]),
  };
}

function hasFactor(token: client.IDToken, { trustedAmr, trustedAcr }: OidcSettings): boolean {
  const amr: unknown[] = Array.isArray(token['amr']) ? token['amr'] : [];
  const acr = token['acr'];
  return (
    trustedAmr.some((word) => amr.includes(word)) ||
    (typeof acr === 'string' && trustedAcr.includes(acr))
  );
}

function groupsOf(value: unknown): string[] {
  const list: unknown[] = typeof value === 'string' ? [value] : Array.isArray(value) ? value : [];
  return list
    .filter((one): one is string => typeof one === 'string' && one.length <= MOST_LENGTH)
    .slice(0, MOST_GROUPS);
}

function textOf(value: unknown, most: number): string | null {
  return typeof value === 'string' && value.length > 0 && value.length <= most ? value : null;
}
