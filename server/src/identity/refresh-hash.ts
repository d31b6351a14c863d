import type { RequestContext } from '../platform/index.ts';
import type { ClientKind } from './access-token.ts';

/**
 * As the database keeps a refresh token. One of a browser is no token where those of phones are taken, and
 * the other way round: each kind has a key of its own, whatever the rows of the database say.
 */
export function hashOfRefresh(
  { platform }: Pick<RequestContext, 'platform'>,
  token: string,
  client: ClientKind,
): Buffer {
  const purpose = client === 'mobile' ? 'mobile-refresh-token' : 'refresh-token';
  return platform.pepper.mac(purpose, token);
}
