import { EqualityFilter, ExtensibleFilter, AndFilter, type Filter } from 'ldapts';
import type { Entry } from './find-person.ts';
import type { Directory } from './open-directory.ts';
import { isBelow, parseDn } from './parse-dn.ts';
import { textOf } from './read-values.ts';

const MOST = 1_000;
const MOST_LENGTH = 300;
/** Members of members too, in Active Directory (LDAP_MATCHING_RULE_IN_CHAIN). */
const IN_CHAIN = '1.2.840.113556.1.4.1941';

/**
 * The groups of somebody, by their common names and by their whole names. Only those below the base of groups
 * count: whoever may make a group somewhere else must not be able to call it like one that gives a role.
 */
export async function readGroups(directory: Directory, entry: Entry): Promise<string[]> {
  const { settings } = directory;
  const base = settings.groupBase ?? settings.base;
  const filter = filterOf(settings.groups, entry);
  const searched =
    filter === null ? [] : await directory.search({ base, filter, attributes: ['cn'], most: MOST });
  const names =
    settings.groups === 'member_of'
      ? entry.memberOf.map((dn) => ({ dn, cn: commonNameOf(dn) }))
      : searched.map((found) => ({ dn: found.dn, cn: textOf(found, 'cn') }));
  // Some of many would be taken for all, and a role with the rest be lost.
  if (names.length >= MOST) throw new Error('somebody is in more groups than are taken');
  const counted = names.filter(({ dn }) => isBelow(dn, base));
  const all = counted.flatMap(({ dn, cn }) => (cn === null ? [dn] : [cn, dn]));
  return [...new Set(all)].filter((name) => name.length <= MOST_LENGTH);
}

function filterOf(groups: Directory['settings']['groups'], entry: Entry): Filter | null {
  switch (groups) {
    case 'none':
    case 'member_of':
      return null;
    case 'member':
      return new EqualityFilter({ attribute: 'member', value: entry.dn });
    case 'member_uid':
      return entry.login === null
        ? null
        : new AndFilter({
            filters: [
              new EqualityFilter({ attribute: 'objectClass', value: 'posixGroup' }),
              new EqualityFilter({ attribute: 'memberUid', value: entry.login }),
            ],
          });
    case 'nested':
      return new ExtensibleFilter({ rule: IN_CHAIN, matchType: 'member', value: entry.dn });
    default:
      return groups satisfies never;
  }
}

function commonNameOf(dn: string): string | null {
  const [first] = parseDn(dn) ?? [];
  return first?.type === 'cn' ? first.value : null;
}
