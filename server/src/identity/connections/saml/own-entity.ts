import { ownOrigins, type Config } from '../../../platform/index.ts';

/** Where a provider has the browser post its answer; one for all connections. */
export const ACS_PATH = '/api/session/saml/answer';

export function acsUrl(config: Config): string {
  return `${ownOrigins(config)[0]}${ACS_PATH}`;
}

/** How this appliance calls itself to the provider of one connection; its description is to be had there. */
export function ownEntityId(config: Config, connectionId: string): string {
  return `${ownOrigins(config)[0]}/api/session/saml/${connectionId}/metadata`;
}

/** Where a provider sends the browser when somebody signs out there. */
export function sloUrl(config: Config, connectionId: string): string {
  return `${ownOrigins(config)[0]}/api/session/saml/${connectionId}/sign-out`;
}
