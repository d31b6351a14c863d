import { z } from 'zod';
import { parseDn } from './parse-dn.ts';
import { isFilterTemplate } from './fill-filter.ts';

const HOST = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/;
const text = z.string().trim().min(1).max(500);
const dn = text.refine((one) => parseDn(one) !== null, 'must be a distinguished name (RFC 4514)');

/** What an LDAP directory (RFC 4511) needs to be asked; the password of the account that asks is its secret. */
export const ldapSettings = z.strictObject({
  /** `standard`: OpenLDAP, 389 Directory Server and others that have entryUUID. */
  directory: z.enum(['standard', 'active_directory']),
  host: z.string().trim().toLowerCase().regex(HOST, 'must be a host name'),
  port: z.int().min(1).max(65_535),
  /** Never in clear: TLS from the first byte, or StartTLS before anything is said. */
  security: z.enum(['ldaps', 'starttls']),
  /** The account that may search. In Active Directory also `name@domain`. */
  bindDn: text.refine(
    (one) => parseDn(one) !== null || z.email().safeParse(one).success,
    'must be a distinguished name, or name@domain',
  ),
  /** People are looked for below it. */
  base: dn,
  /** RFC 4515, with {email} or {user} (what stands before the @) as a whole value. */
  personFilter: text.refine(
    isFilterTemplate,
    'must be a filter (RFC 4515) with {email} or {user} as a whole value, such as (mail={email})',
  ),
  /** Whether nobody but the directory's administrators can write addresses into it; else they say nothing. */
  mailVouched: z.boolean().default(false),
  /**
   * Where groups stand: in the person's memberOf, in the groups' member or memberUid, or, in Active Directory,
   * in groups of groups too.
   */
  groups: z.enum(['none', 'member_of', 'member', 'member_uid', 'nested']).default('member_of'),
  /** Only groups below it count; else those below `base`. */
  groupBase: dn.nullable().default(null),
});
export type LdapSettings = z.output<typeof ldapSettings>;
