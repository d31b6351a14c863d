import type { Found } from './open-directory.ts';
import type { LdapSettings } from './ldap-settings.ts';
import { numberOf, textOf } from './read-values.ts';

/**
 * What a directory says of an account besides its password: `ended` (disabled, expired, locked by hand),
 * `must_change`, or `unreadable` where what would say so may not be read.
 */
export type AccountState = 'usable' | 'ended' | 'must_change' | 'unreadable';

/** Attributes that are asked for, each with what it is a sign of. */
export const STATE_ATTRIBUTES: Readonly<Record<LdapSettings['directory'], readonly string[]>> = {
  standard: [
    ...['pwdAccountLockedTime', 'pwdReset', 'pwdEndTime'],
    ...['nsAccountLock', 'loginDisabled', 'shadowExpire'],
  ],
  active_directory: ['userAccountControl', 'accountExpires', 'pwdLastSet'],
};

export function stateOf(
  directory: LdapSettings['directory'],
  found: Found,
  now: Date,
): AccountState {
  return directory === 'standard' ? standard(found, now) : activeDirectory(found, now);
}

/** Set by an administrator for good (draft-behera-ldap-password-policy, 5.3.3). */
const LOCKED_BY_HAND = '000001010000Z';
const DAY_MS = 86_400_000;

function standard(found: Found, now: Date): AccountState {
  const says = (name: string): string => textOf(found, name)?.toUpperCase() ?? '';
  if (says('pwdAccountLockedTime') === LOCKED_BY_HAND) return 'ended';
  if (says('nsAccountLock') === 'TRUE' || says('loginDisabled') === 'TRUE') return 'ended';
  const end = textOf(found, 'pwdEndTime');
  if (end !== null && generalizedTime(end) <= now.getTime()) return 'ended';
  const day = numberOf(found, 'shadowExpire');
  if (day !== null && day >= 0n && now.getTime() >= Number(day) * DAY_MS) return 'ended';
  return says('pwdReset') === 'TRUE' ? 'must_change' : 'usable';
}

const DISABLED = 0x2n;
const NEVER_EXPIRES = 0x10000n;
/** "Never" of accountExpires, beside 0. */
const NEVER = 0x7fff_ffff_ffff_ffffn;
/** From 1601 to 1970, in steps of 100 ns. */
const EPOCH = 116_444_736_000_000_000n;

function activeDirectory(found: Found, now: Date): AccountState {
  const flags = numberOf(found, 'userAccountControl');
  if (flags === null) return 'unreadable';
  if ((flags & DISABLED) !== 0n) return 'ended';
  const expires = numberOf(found, 'accountExpires');
  if (expires === null) return 'unreadable';
  if (expires !== 0n && expires !== NEVER && (expires - EPOCH) / 10_000n <= now.getTime())
    return 'ended';
  const set = numberOf(found, 'pwdLastSet');
  return set === 0n && (flags & NEVER_EXPIRES) === 0n ? 'must_change' : 'usable';
}

/** `YYYYMMDDHHMMSSZ` (RFC 4517, 3.3.13) in milliseconds; what is none has been long ago. */
function generalizedTime(text: string): number {
  const [, ...parts] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?(?:\.\d+)?Z$/.exec(text) ?? [];
  const [year, month = 1, ...rest] = parts.map((part) => Number(part ?? 0));
  return year === undefined ? 0 : Date.UTC(year, month - 1, ...rest);
}
