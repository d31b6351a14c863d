import type { RequestContext } from '../../../platform/index.ts';
import { spendAssertion } from '../flows-repo.ts';
import type { ConnectionRow } from '../repo.ts';
import type { Shown } from '../shown.ts';
import { requestIdOf } from './begin-saml.ts';
import { checkEnvelope } from './check-envelope.ts';
import { openSaml, requireProvider, SKEW_MS } from './open-saml.ts';
import { acsUrl, ownEntityId } from './own-entity.ts';
import { readAssertion } from './read-assertion.ts';

/**
 * Checks a response that a browser brought (saml-profiles-2.0-os, 4.1.4): its shape, its signatures, whose
 * and for whom it is, when, and that it was never said before.
 *
 * @throws Error with the fault, AppError where its words are for whoever signs in
 */
export async function readResponse(
  ctx: RequestContext,
  connection: ConnectionRow,
  { xml, nonce }: { xml: string; nonce: string },
): Promise<Shown> {
  const { config, pepper } = ctx.platform;
  const { entity: entityId } = requireProvider(connection.settings, ctx.clock.now());
  const requestId = requestIdOf({ nonce });
  const expected = { entityId, requestId, acsUrl: acsUrl(config) };
  const signed = checkEnvelope(xml, expected);
  const { saml, settings } = await openSaml(ctx, connection, { signed });
  const SAMLResponse = Buffer.from(xml).toString('base64');
  const { profile } = await saml.validatePostResponseAsync({ SAMLResponse });
  if (!profile?.getAssertionXml) throw new Error('it has no assertion');
  const { id, expiresAt, ...shown } = readAssertion(profile.getAssertionXml(), {
    ...{ settings, expected, skewMs: SKEW_MS },
    ownEntityId: ownEntityId(config, connection.id),
    now: ctx.clock.now(),
  });
  const spent = JSON.stringify(['saml', connection.id, entityId, id]);
  const kept = {
    hash: pepper.mac('spent-assertion', spent),
    expiresAt: new Date(expiresAt.getTime() + 2 * SKEW_MS),
  };
  if (!(await ctx.inControl((tx) => spendAssertion(tx, kept))))
    throw new Error('its assertion was used before');
  return shown;
}
