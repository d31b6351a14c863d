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

export interface SamlSettings {
  entity: string;
  signOnUrl: string;
  signOutUrl: string | null;
  certificates: string[];
  signRequests: boolean;
  subjectAttribute: string | null;
  emailAttribute: string;
  mailVouched: boolean;
  nameAttribute: string;
  groupsAttribute: string;
  trustedContexts: string[];
}

/** What each kind of directory has to be told, while somebody writes it. */
export interface KindSettings {
  oidc: OidcSettings;
  ldap: LdapSettings;
  saml: SamlSettings;
}
export type Kind = keyof KindSettings;

export const KINDS: Readonly<Record<Kind, string>> = {
  oidc: 'OpenID Connect',
  ldap: 'LDAP or Active Directory',
  saml: 'SAML 2.0',
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
  saml: {
    entity: '',
    signOnUrl: '',
    signOutUrl: null,
    certificates: [],
    signRequests: false,
    subjectAttribute: null,
    emailAttribute: 'email',
    mailVouched: false,
    nameAttribute: 'displayName',
    groupsAttribute: 'groups',
    trustedContexts: [],
  },
};

export function kindOf(connection: Connection | null): Kind {
  const kind = connection?.kind;
  return kind !== undefined && kind in EMPTY ? kind : 'oidc';
}

/** The settings of a connection in their place, nothing in the others. */
export function settingsFrom(connection: Connection | null): KindSettings {
  if (!connection) return EMPTY;
  const kind = kindOf(connection);
  return { ...EMPTY, [kind]: { ...EMPTY[kind], ...connection.settings } };
}
