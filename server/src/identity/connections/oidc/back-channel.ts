import { createLocalJWKSet, decodeJwt, jwtVerify, type JWTPayload } from 'jose';
import { recordOnPlatform } from '../../../audit/index.ts';
import { AppError, type ControlTx, type RequestContext } from '../../../platform/index.ts';
import type { IdentityParts } from '../../parts.ts';
import { spendAssertion } from '../flows-repo.ts';
import { findIdentity } from '../identities-repo.ts';
import { hashSession } from '../provider-session.ts';
import { endProviderSessions, listByIssuer, type ConnectionRow } from '../repo.ts';
import { hashSubject, soundConnection } from '../seals.ts';
import { ALGORITHMS, withProvider } from './open-provider.ts';

const EVENT = 'http://schemas.openid.net/event/backchannel-logout';
const SKEW_SECONDS = 60;
/** A token is of now; so long it is kept that it was heard. */
const MOST_AGE_SECONDS = 300;

/**
 * The provider says that somebody has signed out there (OpenID Connect Back-Channel Logout 1.0, 2.6): their
 * sessions by this connection end. Throws invalid_input for whatever is no such token, or was heard before.
 */
export async function hearLogout(
  ctx: RequestContext,
  parts: IdentityParts,
  token: string,
): Promise<void> {
  const connections = await listNamed(ctx, token);
  const claims = await verifyByOne(ctx, connections, token);
  const ended = await ctx.inControl(async (tx) => {
    const heard: string[][] = [];
    for (const connection of connections)
      if (await spend(tx, ctx, { connection, claims }))
        heard.push(await end(tx, ctx, { connection, claims }));
    if (heard.length === 0) throw refused('it was heard before');
    return heard.flat();
  });
  for (const id of ended) parts.sessions.forget(id);
}

/**
 * All connections to the provider whose token it says it is: one provider serves several tenants, and none
 * of them hears for the others. Believed of nothing before its signature was looked at.
 */
async function listNamed(ctx: RequestContext, token: string): Promise<ConnectionRow[]> {
  try {
    const { iss = '', aud = '' } = decodeJwt(token);
    const rows = await ctx.inControl((tx) =>
      listByIssuer(tx, { issuer: iss, client: String(aud) }),
    );
    const sound = rows.filter((row) => soundConnection(ctx, row));
    if (sound.length > 0) return sound;
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw refused('it is no token', cause);
  }
  throw refused('it is of no provider here');
}

/** By the description of the one provider that they share, in each way in which they write its name. */
async function verifyByOne(
  ctx: RequestContext,
  connections: readonly ConnectionRow[],
  token: string,
): Promise<Logout> {
  const named = new Map(connections.map((row) => [String(row.settings['issuer']), row]));
  let fault: unknown;
  for (const connection of named.values())
    try {
      return await verify(ctx, connection, token);
    } catch (error) {
      fault = error;
    }
  throw fault;
}

/** False when this connection has heard it before. */
function spend(
  tx: ControlTx,
  ctx: RequestContext,
  { connection, claims }: { connection: ConnectionRow; claims: Logout },
): Promise<boolean> {
  const expiresAt = new Date(ctx.clock.now().getTime() + 2 * MOST_AGE_SECONDS * 1_000);
  const spent = JSON.stringify(['logout', connection.id, claims.jti]);
  const hash = ctx.platform.pepper.mac('spent-assertion', spent);
  return spendAssertion(tx, { hash, expiresAt });
}

type Logout = JWTPayload & { jti: string };

async function verify(
  ctx: RequestContext,
  connection: ConnectionRow,
  token: string,
): Promise<Logout> {
  const { payload } = await withProvider(ctx, connection, async ({ keys, settings, config }) =>
    jwtVerify(token, createLocalJWKSet(await keys()), {
      algorithms: ALGORITHMS,
      issuer: config.serverMetadata().issuer,
      audience: settings.client,
      clockTolerance: SKEW_SECONDS,
      maxTokenAge: MOST_AGE_SECONDS,
      currentDate: ctx.clock.now(),
      requiredClaims: ['iat', 'jti', 'events'],
    }),
  ).catch((cause: unknown) => {
    if (cause instanceof AppError) throw cause;
    throw refused('its signature or its claims do not hold', cause);
  });
  const events = payload['events'] as Record<string, unknown> | null;
  if (typeof events !== 'object' || typeof events?.[EVENT] !== 'object')
    throw refused('it tells of no sign-out');
  // An ID token must not pass for one.
  if ('nonce' in payload) throw refused('it has a nonce');
  if (typeof payload.jti !== 'string') throw refused('it has no id');
  if (typeof payload.sub !== 'string' && typeof payload['sid'] !== 'string')
    throw refused('it names nobody');
  return payload as Logout;
}

async function end(
  tx: ControlTx,
  ctx: RequestContext,
  { connection, claims }: { connection: ConnectionRow; claims: Logout },
): Promise<string[]> {
  const { id: connectionId } = connection;
  const sid = claims['sid'];
  const providerSession = typeof sid === 'string' ? hashSession(ctx, connectionId, sid) : null;
  const subject = claims.sub === undefined ? null : hashSubject(ctx, connection, claims.sub);
  const identity = subject ? await findIdentity(tx, { connectionId, subject }) : undefined;
  const accountId = identity?.accountId ?? null;
  if (providerSession === null && accountId === null) return [];
  const ended = await endProviderSessions(tx, { connectionId, providerSession, accountId });
  for (const id of ended)
    await recordOnPlatform(tx, ctx, {
      action: 'session.end',
      resourceType: 'session',
      resourceId: id,
      after: { reason: 'provider', connection: connectionId },
    });
  return ended;
}

function refused(why: string, cause?: unknown): AppError {
  return new AppError('invalid_input', `The logout token is refused: ${why}`, { cause });
}
