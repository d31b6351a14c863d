import { EqualityFilter, type Filter } from 'ldapts';
import { email } from '../../account-schema.ts';
import { domainOf } from '../policy.ts';
import { STATE_ATTRIBUTES, stateOf, type AccountState } from './account-state.ts';
import type { LdapSettings } from './ldap-settings.ts';
import type { Directory, Found } from './open-directory.ts';
import { parseDn } from './parse-dn.ts';
import { textOf, textsOf } from './read-values.ts';

/** Somebody in the directory; of whose password nothing is known yet. */
export type Entry = {
  dn: string;
  /** Under which the directory knows them for ever: entryUUID (RFC 4530), or objectGUID. */
  subject: string;
  email: string | null;
  name: string | null;
  /** As groups of POSIX name them. */
  login: string | null;
  memberOf: readonly string[];
  state: AccountState;
};

/** `unsound`: an entry that has no name or no id that could be taken. */
export type Search = { kind: 'one'; entry: Entry } | { kind: 'none' | 'several' | 'unsound' };

const SHARED = ['mail', 'displayName', 'cn', 'uid', 'memberOf'];
const OWN_ID = { standard: 'entryUUID', active_directory: 'objectGUID' } as const;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const GUID_BYTES = 16;

/** The one entry that a filter finds below the base: of two it takes none. */
export async function findEntry(
  directory: Directory,
  filter: Filter,
  { domains, now }: { domains: readonly string[]; now: Date },
): Promise<Search> {
  const { settings } = directory;
  const kind = settings.directory;
  const attributes = [OWN_ID[kind], ...SHARED, 'sAMAccountName', ...STATE_ATTRIBUTES[kind]];
  const found = await directory.search({ base: settings.base, filter, attributes, most: 2 });
  const [first] = found;
  if (!first) return { kind: 'none' };
  if (found.length > 1) return { kind: 'several' };
  const subject = subjectOf(settings, first);
  if (subject === null || parseDn(first.dn) === null) return { kind: 'unsound' };
  // What is shown to others and written to must be an address, whatever the directory holds.
  const mails = textsOf(first, 'mail').filter((one) => email.safeParse(one).success);
  const entry = {
    ...{ dn: first.dn, subject },
    email: mails.find((one) => domains.includes(domainOf(one))) ?? mails[0] ?? null,
    name: textOf(first, 'displayName') ?? textOf(first, 'cn'),
    login: textOf(first, 'uid') ?? textOf(first, 'sAMAccountName'),
    memberOf: textsOf(first, 'memberOf'),
    state: stateOf(kind, first, now),
  };
  return { kind: 'one', entry };
}

/** The filter that finds again whom the directory knows under this subject. */
export function filterOfSubject({ directory }: LdapSettings, subject: string): Filter {
  const value = directory === 'standard' ? subject : Buffer.from(subject, 'hex');
  return new EqualityFilter({ attribute: OWN_ID[directory], value });
}

function subjectOf({ directory }: LdapSettings, { attributes }: Found): string | null {
  const [value, ...more] = attributes.get(OWN_ID[directory].toLowerCase()) ?? [];
  if (value === undefined || more.length > 0) return null;
  if (directory === 'standard') {
    const text = String(value).toLowerCase();
    return UUID.test(text) ? text : null;
  }
  const bytes = Buffer.from(value);
  return bytes.length === GUID_BYTES ? bytes.toString('hex') : null;
}
