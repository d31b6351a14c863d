import { AppError, type RequestContext } from '../../../platform/index.ts';
import { findConnection } from '../repo.ts';
import { soundConnection } from '../seals.ts';
import { SAML } from './names.ts';
import { acsUrl, ownEntityId, sloUrl } from './own-entity.ts';
import { openOwnKey } from './own-key.ts';
import { samlSettings } from './saml-settings.ts';

/**
 * What the provider of a connection must know of this appliance (saml-metadata-2.0-os): public, as such
 * descriptions are, for whoever knows the connection's id. Throws not_found for one of another kind.
 */
export async function describeSelf(ctx: RequestContext, connectionId: string): Promise<string> {
  const row = soundConnection(ctx, await ctx.inControl((tx) => findConnection(tx, connectionId)));
  if (row?.kind !== 'saml') throw new AppError('not_found', 'No such connection');
  const { config } = ctx.platform;
  const { signRequests, subjectAttribute } = samlSettings.parse(row.settings);
  const { certificate } = await openOwnKey(ctx, row.id);
  const format =
    subjectAttribute === null ? [`<NameIDFormat>${SAML.persistent}</NameIDFormat>`] : [];
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<EntityDescriptor xmlns="${SAML.metadata}" entityID="${ownEntityId(config, row.id)}">`,
    `<SPSSODescriptor protocolSupportEnumeration="${SAML.protocol}" AuthnRequestsSigned="${signRequests}" WantAssertionsSigned="true">`,
    `<KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="${SAML.signature}"><ds:X509Data><ds:X509Certificate>${certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></KeyDescriptor>`,
    `<SingleLogoutService Binding="${SAML.redirect}" Location="${sloUrl(config, row.id)}"/>`,
    ...format,
    `<AssertionConsumerService Binding="${SAML.post}" Location="${acsUrl(config)}" index="0" isDefault="true"/>`,
    '</SPSSODescriptor>',
    '</EntityDescriptor>',
    '',
  ].join('\n');
}
