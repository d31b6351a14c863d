import type { Group } from '../../lib/api/types.ts';

/** What a group gives, as somebody chooses it; the empty value is none. */
export const GIVEN_ROLES = [
  { value: '', label: 'Gives no role' },
  { value: 'member', label: 'Makes them members' },
  { value: 'reviewer', label: 'Makes them reviewers' },
  { value: 'admin', label: 'Makes them administrators' },
] as const;

const SOURCES: Readonly<Record<Group['source'], string>> = {
  local: 'kept here',
  scim: 'comes by SCIM',
  ldap: 'comes from LDAP',
  oidc: 'comes with OpenID Connect',
  saml: 'comes with SAML',
};

export function sourceWords({ source }: Pick<Group, 'source'>): string {
  return SOURCES[source];
}

export function givenWords(role: Group['role']): string {
  const names = { member: 'Member', reviewer: 'Reviewer', admin: 'Administrator' } as const;
  return role === null ? 'No role' : names[role];
}
