import type { Group } from '../../lib/api/types.ts';
import { plural } from '../../lib/format.ts';

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

/** What a group gives, in a few words. */
export function givenWords({
  role,
  level,
  customRoles,
}: Pick<Group, 'role' | 'level' | 'customRoles'>): string {
  const names = { member: 'Member', reviewer: 'Reviewer', admin: 'Administrator' } as const;
  const count = customRoles.length;
  const given = [
    ...(role === null ? [] : [names[role]]),
    ...(level === null || role === 'admin' ? [] : [`level ${level}`]),
    ...(count === 0 ? [] : [plural(count, { one: 'a custom role', other: '# custom roles' })]),
  ];
  return given.length === 0 ? 'Gives nothing' : given.join(' · ');
}
