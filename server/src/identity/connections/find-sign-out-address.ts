import type { RequestContext } from '../../platform/index.ts';
import type { IdentityParts } from '../parts.ts';
import { addressOfEndSession } from './oidc/sign-out-address.ts';
import { findConnection } from './repo.ts';
import { addressOfSignOut } from './saml/sign-out-at-provider.ts';
import { soundConnection } from './seals.ts';

/** Where the browser ends the session at its provider, too; null where it is of none, or can not be asked. */
export async function findSignOutAddress(
  ctx: RequestContext,
  parts: IdentityParts,
): Promise<string | null> {
  const state = await parts.sessions.get(ctx.actor.sessionId ?? '');
  const id = state?.connectionId ?? null;
  if (id === null) return null;
  const connection = soundConnection(ctx, await ctx.inControl((tx) => findConnection(tx, id)));
  if (!connection || connection.kind === 'ldap') return null;
  const address = connection.kind === 'saml' ? addressOfSignOut : addressOfEndSession;
  try {
    return await address(ctx, connection);
  } catch (error) {
    ctx.log.warn('a directory could not be asked where one signs out', { error });
    return null;
  }
}
