import { describe, expect, it } from '@jest/globals';
import { stateOf } from './account-state.ts';

const NOW = new Date('2026-11-23T08:00:00Z');
const entry = (attributes: Record<string, string>) => ({
  dn: 'cn=x',
  attributes: new Map(
    Object.entries(attributes).map(([name, value]) => [name.toLowerCase(), [value]]),
  ),
});
/** A moment as Active Directory counts it. */
const filetime = (moment: string): string =>
  String(BigInt(Date.parse(moment)) * 10_000n + 116_444_736_000_000_000n);
const NEVER = '9223372036854775807';
const GOOD = { userAccountControl: '512', accountExpires: NEVER, pwdLastSet: '133000000000000000' };

describe('accounts of Active Directory', () => {
  it.each([
    ['ended', 'disabled', { userAccountControl: '514' }],
    ['ended', 'disabled, beside other flags', { userAccountControl: '66050' }],
    ['ended', 'expired', { accountExpires: filetime('2026-11-23T07:59:59Z') }],
    ['must_change', 'with a password to be changed', { pwdLastSet: '0' }],
    ['unreadable', 'whose flags are no number', { userAccountControl: '0x200' }],
    ['unreadable', 'whose flags are not shown', { userAccountControl: '' }],
    ['unreadable', 'whose end is not shown', { accountExpires: '' }],
  ])('AUT-06: %s: one that is %s', (state, _what, more) => {
    expect(stateOf('active_directory', entry({ ...GOOD, ...more }), NOW)).toBe(state);
  });

  it('lets in those that are in force', () => {
    for (const more of [
      {},
      { accountExpires: '0' },
      { accountExpires: filetime('2026-11-23T08:00:01Z') },
      { userAccountControl: '66048', pwdLastSet: '0' },
    ])
      expect(stateOf('active_directory', entry({ ...GOOD, ...more }), NOW)).toBe('usable');
  });
});

describe('accounts of other directories', () => {
  it.each([
    ['ended', { pwdAccountLockedTime: '000001010000Z' }],
    ['ended', { nsAccountLock: 'true' }],
    ['ended', { loginDisabled: 'TRUE' }],
    ['ended', { pwdEndTime: '20261123075959Z' }],
    ['ended', { pwdEndTime: 'soon' }],
    ['ended', { shadowExpire: '20000' }],
    ['must_change', { pwdReset: 'TRUE' }],
    ['usable', {}],
    ['usable', { pwdAccountLockedTime: '20261123075959Z' }],
    ['usable', { pwdEndTime: '20261123080001Z', shadowExpire: '-1', nsAccountLock: 'false' }],
    ['usable', { shadowExpire: '30000' }],
  ])('AUT-06: %s: %j', (state, attributes) => {
    expect(stateOf('standard', entry(attributes as Record<string, string>), NOW)).toBe(state);
  });
});
