import type { ConnectionKind } from './repo.ts';
import { ldapSettings } from './ldap/ldap-settings.ts';
import { oidcSettings } from './settings.ts';

export type Place = { host: string; port: number };

/** The hosts that a connection speaks to by its settings. */
export function placesOf({
  kind,
  settings,
}: {
  kind: ConnectionKind;
  settings: Record<string, unknown>;
}): Place[] {
  if (kind === 'ldap') {
    const parsed = ldapSettings.safeParse(settings);
    return parsed.success ? [{ host: parsed.data.host, port: parsed.data.port }] : [];
  }
  if (kind !== 'oidc') return [];
  const parsed = oidcSettings.safeParse(settings);
  return parsed.success ? [placeOf(new URL(parsed.data.issuer))] : [];
}

export function placeOf({ hostname, port }: URL): Place {
  return { host: hostname.toLowerCase(), port: port === '' ? 443 : Number(port) };
}
