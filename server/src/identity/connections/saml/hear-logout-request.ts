import { recordOnPlatform } from '../../../audit/index.ts';
import { AppError, type ControlTx, type RequestContext } from '../../../platform/index.ts';
import type { IdentityParts } from '../../parts.ts';
import { spendAssertion } from '../flows-repo.ts';
import { findIdentity } from '../identities-repo.ts';
import { hashSession } from '../provider-session.ts';
import { endProviderSessions, findConnection, type ConnectionRow } from '../repo.ts';
import { hashSubject, soundConnection } from '../seals.ts';
import { openSaml, requireProvider, SKEW_MS } from './open-saml.ts';
import { sloUrl } from './own-entity.ts';
import { subjectUnder } from './read-response.ts';
import {
  HEARD_MS,
  readLogoutRequest,
  takeRedirected,
  type LogoutRequest,
} from './read-logout-request.ts';

type Asked = { connectionId: string; search: string };

/**
 * The provider sends the browser of somebody who signs out there (saml-profiles-2.0-os, 4.4): their sessions by
 * this connection end. Gives the address that the browser goes on to, with our answer; null where the
 * provider has none. Throws invalid_input for whatever it did not sign, or was heard before.
 */
export async function hearLogoutRequest(
  ctx: RequestContext,
  parts: IdentityParts,
  { connectionId, search }: Asked,
): Promise<string | null> {
  const row = soundConnection(ctx, await ctx.inControl((tx) => findConnection(tx, connectionId)));
  if (row?.kind !== 'saml' || row.state !== 'active')
    throw new AppError('not_found', 'No such connection');
  const heard = await check(ctx, row, search).catch((cause: unknown) => {
    if (cause instanceof AppError) throw cause;
    const why = cause instanceof Error ? cause.message : 'it can not be read';
    throw new AppError('invalid_input', `The request to sign out is refused: ${why}`, { cause });
  });
  const ended = await ctx.inControl(async (tx) => {
    const spent = JSON.stringify(['saml-logout', row.id, heard.request.id]);
    const hash = ctx.platform.pepper.mac('spent-assertion', spent);
    const expiresAt = new Date(ctx.clock.now().getTime() + HEARD_MS);
    if (!(await spendAssertion(tx, { hash, expiresAt })))
      throw new AppError('invalid_input', 'The request to sign out was heard before');
    return end(tx, ctx, { connection: row, request: heard.request });
  });
  for (const id of ended) parts.sessions.forget(id);
  return heard.answer();
}

async function check(
  ctx: RequestContext,
  connection: ConnectionRow,
  search: string,
): Promise<{ request: LogoutRequest; answer: () => Promise<string | null> }> {
  const now = ctx.clock.now();
  const { entity, signOutUrl } = requireProvider(connection.settings, now);
  const { xml, container, query, relayState } = takeRedirected(search);
  const address = sloUrl(ctx.platform.config, connection.id);
  const request = readLogoutRequest(xml, { entity, address, now, skewMs: SKEW_MS });
  const { saml } = await openSaml(ctx, connection, { sign: true });
  const { profile } = await saml.validateRedirectAsync(container, query);
  if (!profile) throw new Error('it names nobody');
  const answer = async (): Promise<string | null> =>
    signOutUrl === null
      ? null
      : saml.getLogoutResponseUrlAsync(profile, relayState ?? '', {}, true);
  return { request, answer };
}

type Ending = { connection: ConnectionRow; request: LogoutRequest };

/** The sessions that it names; where it names none, all of the person by this connection whom the NameID names. */
async function end(
  tx: ControlTx,
  ctx: RequestContext,
  { connection, request: { nameId, sessions } }: Ending,
): Promise<string[]> {
  const { id: connectionId } = connection;
  const ended: string[] = [];
  for (const session of sessions) {
    const providerSession = hashSession(ctx, connectionId, session);
    ended.push(
      ...(await endProviderSessions(tx, { connectionId, providerSession, accountId: null })),
    );
  }
  const { certificates, subjectAttribute } = requireProvider(connection.settings, ctx.clock.now());
  if (sessions.length === 0 && subjectAttribute === null) {
    const subjects = certificates.map((certificate) =>
      subjectUnder(connection, { certificate, subject: nameId }),
    );
    for (const name of new Set(subjects)) {
      const subject = hashSubject(ctx, connection, name);
      const accountId = (await findIdentity(tx, { connectionId, subject }))?.accountId ?? null;
      const of = { connectionId, providerSession: null, accountId };
      if (accountId !== null) ended.push(...(await endProviderSessions(tx, of)));
    }
  }
  for (const id of ended)
    await recordOnPlatform(tx, ctx, {
      action: 'session.end',
      resourceType: 'session',
      resourceId: id,
      after: { reason: 'provider', connection: connectionId },
    });
  return ended;
}
