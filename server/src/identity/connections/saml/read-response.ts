import type { RequestContext } from '../../../platform/index.ts';
import { spendAssertion } from '../flows-repo.ts';
import type { ConnectionRow } from '../repo.ts';
import type { Shown } from '../shown.ts';
import { requestIdOf } from './begin-saml.ts';
import { describeCertificate } from './certificates.ts';
import { checkEnvelope } from './check-envelope.ts';
import { openSaml, requireProvider, SKEW_MS } from './open-saml.ts';
import { acsUrl, ownEntityId } from './own-entity.ts';
import { readAssertion } from './read-assertion.ts';
import type { SamlSettings } from './saml-settings.ts';

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
  const settings = requireProvider(connection.settings, ctx.clock.now());
  const { entity: entityId } = settings;
  const requestId = requestIdOf({ nonce });
  const expected = { entityId, requestId, acsUrl: acsUrl(config) };
  const signed = checkEnvelope(xml, expected);
  const { text, certificate } = await verify(ctx, connection, { xml, signed, settings });
  const { id, expiresAt, ...shown } = readAssertion(text, {
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
  const { person } = shown;
  const subject = subjectUnder(connection, { certificate, subject: person.subject });
  return { ...shown, person: { ...person, subject } };
}

type Signed = {
  xml: string;
  signed: { response: boolean; assertion: boolean };
  settings: SamlSettings;
};

/** The signed assertion, and the one certificate under which all signatures hold. Throws what is wrong. */
async function verify(
  ctx: RequestContext,
  connection: ConnectionRow,
  { xml, signed, settings }: Signed,
): Promise<{ text: string; certificate: string }> {
  const SAMLResponse = Buffer.from(xml).toString('base64');
  let fault: unknown;
  for (const certificate of settings.certificates)
    try {
      const { saml } = await openSaml(ctx, connection, { signed, certificate });
      const { profile } = await saml.validatePostResponseAsync({ SAMLResponse });
      if (!profile?.getAssertionXml) throw new Error('it has no assertion');
      return { text: profile.getAssertionXml(), certificate };
    } catch (error) {
      fault = error;
    }
  throw fault;
}

/**
 * By what a link knows a person. At a connection of the platform under the certificate that signed, too: else
 * whoever changes that connection could add a certificate of their own and be anybody, in every tenant.
 */
export function subjectUnder(
  { tenantId }: Pick<ConnectionRow, 'tenantId'>,
  { certificate, subject }: { certificate: string; subject: string },
): string {
  if (tenantId !== null) return subject;
  return `${describeCertificate(certificate).fingerprint} ${subject}`;
}
