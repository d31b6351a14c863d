import type { Connection } from '../../lib/api/types.ts';

export interface OidcSettings {
  issuer: string;
  client: string;
  scopes: string[];
  groupsClaim: string;
  trustedAmr: string[];
  trustedAcr: string[];
}

export interface LdapSettings {
  directory: 'standard' | 'active_directory';
  host: string;
  port: number;
  security: 'ldaps' | 'starttls';
  bindDn: string;
  base: string;
  personFilter: string;
  mailVouched: boolean;
  groups: 'none' | 'member_of' | 'member' | 'member_uid' | 'nested';
  groupBase: string | null;
}

/** What each kind of directory has to be told, while somebody writes it. */
export interface KindSettings {
  oidc: OidcSettings;
  ldap: LdapSettings;
}
export type Kind = keyof KindSettings;

export const KINDS: Readonly<Record<Kind, string>> = {
  oidc: 'OpenID Connect',
  ldap: 'LDAP or Active Directory',
};

const EMPTY: KindSettings = {
  oidc: {
    issuer: '',
    client: '',
    scopes: [],
    groupsClaim: 'groups',
    trustedAmr: [],
    trustedAcr: [],
  },
  ldap: {
    directory: 'standard',
    host: '',
    port: 636,
    security: 'ldaps',
    bindDn: '',
    base: '',
    personFilter: '(&(objectClass=inetOrgPerson)(mail={email}))',
    mailVouched: false,
    groups: 'member_of',
    groupBase: null,
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
