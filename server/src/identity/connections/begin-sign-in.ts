import { AppError, type RequestContext } from '../../platform/index.ts';
import type { Owner } from './change-connections.ts';
import { beginFlow } from './flows.ts';
import type { FlowPurpose } from './flows-repo.ts';
import { addressAtProvider } from './oidc/begin-oidc.ts';
import { domainOf } from './policy.ts';
import {
  findConnection,
  findProven,
  listConnections,
  listForDomain,
  type ConnectionRow,
} from './repo.ts';
import { addressOfSignOn } from './saml/begin-saml.ts';
import { isProven, soundConnection } from './seals.ts';

/** `password`: asked for here, for a directory that is asked by the server; `provider`: the browser goes there. */
export type Way = { id: string; name: string; asks: 'provider' | 'password' };

/**
 * The connections by which somebody with this address may come in, without a word on whether there is such a
 * person; without an address those of the platform. Of a domain only whoever has shown that it is theirs
 * says where its people sign in.
 */
export async function listWays(ctx: RequestContext, email: string | null): Promise<Way[]> {
  const rows = await ctx.inControl(async (tx) => {
    if (email === null) return listConnections(tx, null);
    const owned = await findProven(tx, domainOf(email));
    return owned && isProven(ctx, owned) ? listForDomain(tx, owned) : [];
  });
  return rows
    .filter((row) => isOpen(row) && soundConnection(ctx, row) !== undefined)
    .map(({ id, name, kind }) => ({ id, name, asks: kind === 'ldap' ? 'password' : 'provider' }));
}

type Begin = {
  connectionId: string;
  browser: string;
  purpose: FlowPurpose;
  /** Whose test it is; a draft can be tested, too. */
  owner?: Owner;
};

/** Gives the address to which the browser goes. Throws not_found for a connection that lets nobody in. */
export async function beginSignIn(
  ctx: RequestContext,
  { connectionId, browser, purpose, owner }: Begin,
): Promise<{ url: string }> {
  const row = soundConnection(ctx, await ctx.inControl((tx) => findConnection(tx, connectionId)));
  const mayBegin =
    purpose === 'test' ? row && row.tenantId === owner?.tenantId : row && isOpen(row);
  if (!row || row.kind === 'ldap' || mayBegin !== true)
    throw new AppError('not_found', 'There is no such sign-in any more: begin again');
  const sessionId = purpose === 'sign-in' ? null : ctx.actor.sessionId;
  const secrets = await beginFlow(ctx, { connectionId, purpose, sessionId, browser });
  const address = row.kind === 'saml' ? addressOfSignOn : addressAtProvider;
  return { url: await address(ctx, row, secrets) };
}

function isOpen({ state }: ConnectionRow): boolean {
  return state === 'active';
}
