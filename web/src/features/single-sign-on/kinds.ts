import type { Connection } from '../../lib/api/types.ts';

export interface OidcSettings {
  issuer: string;
  client: string;
  scopes: string[];
  groupsClaim: string;
  trustedAmr: string[];
  trustedAcr: string[];
}

/** What each kind of directory has to be told, while somebody writes it. */
export interface KindSettings {
  oidc: OidcSettings;
}
export type Kind = keyof KindSettings;

export const KINDS: Readonly<Record<Kind, string>> = { oidc: 'OpenID Connect' };

const EMPTY: KindSettings = {
  oidc: {
    issuer: '',
    client: '',
    scopes: [],
    groupsClaim: 'groups',
    trustedAmr: [],
    trustedAcr: [],
  },
};

export function kindOf(connection: Connection | null): Kind {
  const kind = connection?.kind;
  return kind !== undefined && kind in EMPTY ? (kind as Kind) : 'oidc';
}

/** The settings of a connection in their place, nothing in the others. */
export function settingsFrom(connection: Connection | null): KindSettings {
  if (!connection) return EMPTY;
  const kind = kindOf(connection);
  return { ...EMPTY, [kind]: { ...EMPTY[kind], ...connection.settings } };
}
