import { SAML } from '@node-saml/node-saml';
import { AppError, type RequestContext } from '../../../platform/index.ts';
import type { ConnectionRow } from '../repo.ts';
import { inForce } from './certificates.ts';
import { SAML as NAMES } from './names.ts';
import { acsUrl, ownEntityId } from './own-entity.ts';
import { openOwnKey } from './own-key.ts';
import { wholeSamlSettings, type SamlSettings } from './saml-settings.ts';

export const SKEW_MS = 60_000;

export type Opened = { readonly settings: SamlSettings; readonly saml: SAML };

type Wish = {
  /** The ID of a request that is made. */
  requestId?: string;
  /** Which signatures are there, and so must hold. */
  signed?: { response: boolean; assertion: boolean };
  /** Of its certificates this one alone. */
  certificate?: string;
  /** Whatever the connection says of requests to sign on. */
  sign?: boolean;
};

/**
 * What is known of the provider of a connection, with the certificates that are in force alone: one that has
 * run out proves nothing any more.
 *
 * @throws AppError not_allowed_now when something is missing
 */
export function requireProvider(settings: Record<string, unknown>, now: Date): SamlSettings {
  const parsed = wholeSamlSettings.safeParse(settings);
  if (!parsed.success)
    throw new AppError(
      'not_allowed_now',
      'The directory is not described yet: paste its metadata, or fill in its entity ID and its sign-on address',
    );
  const certificates = inForce(parsed.data.certificates, now);
  if (certificates.length > 0) return { ...parsed.data, certificates };
  throw new AppError(
    'not_allowed_now',
    'No certificate of the directory is in force; its administrator gives you the new one',
  );
}

/**
 * The library that makes requests and checks signatures, times and audience, told what it shall not
 * decide by itself. Throws as `requireProvider` does.
 */
export async function openSaml(
  ctx: RequestContext,
  { id, settings: kept }: Pick<ConnectionRow, 'id' | 'settings'>,
  { requestId, signed, certificate, sign = false }: Wish = {},
): Promise<Opened> {
  const settings = requireProvider(kept, ctx.clock.now());
  const { config } = ctx.platform;
  const saml = new SAML({
    issuer: ownEntityId(config, id),
    audience: ownEntityId(config, id),
    callbackUrl: acsUrl(config),
    entryPoint: settings.signOnUrl,
    idpCert: certificate ?? settings.certificates,
    idpIssuer: settings.entity,
    wantAuthnResponseSigned: signed?.response ?? true,
    wantAssertionsSigned: signed?.assertion ?? true,
    acceptedClockSkewMs: SKEW_MS,
    signatureAlgorithm: 'sha256',
    digestAlgorithm: 'sha256',
    identifierFormat: settings.subjectAttribute === null ? NAMES.persistent : null,
    disableRequestedAuthnContext: true,
    ...(settings.signOutUrl === null ? {} : { logoutUrl: settings.signOutUrl }),
    ...(requestId === undefined ? {} : { generateUniqueId: () => requestId }),
    ...(settings.signRequests || sign ? { privateKey: (await openOwnKey(ctx, id)).key } : {}),
  });
  return { settings, saml };
}
