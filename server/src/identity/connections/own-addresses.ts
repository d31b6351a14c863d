import { ownOrigins, type Config } from '../../platform/index.ts';

/** Where the browser comes back to from every provider. */
export function redirectUri(config: Config): string {
  return `${ownOrigins(config)[0]}/sign-in/callback`;
}

/** Where a provider says that somebody has signed out there. */
export function backChannelUri(config: Config): string {
  return `${ownOrigins(config)[0]}/api/session/sso/back-channel`;
}
