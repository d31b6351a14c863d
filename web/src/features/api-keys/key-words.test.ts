import { describe, expect, it } from '@jest/globals';
import { datesOf, readNetworks, scopeWords, stateOf } from './key-words.ts';

const now = Date.parse('2026-11-23T10:00:00Z');
const key = {
  id: 'k',
  name: 'Import',
  hint: 'abcd',
  scopes: [],
  addresses: [],
  owner: { id: 'o', name: 'Sync', kind: 'service' as const },
  createdAt: '2026-11-01T10:00:00Z',
  expiresAt: '2027-02-01T10:00:00Z',
  lastUsedAt: null,
  state: 'active' as const,
};

describe('the words of an API key', () => {
  it.each([
    [{ state: 'revoked', expiresAt: key.expiresAt }, 'Revoked'],
    [{ state: 'expired', expiresAt: key.createdAt }, 'Expired'],
    [{ state: 'active', expiresAt: '2026-12-01T10:00:00Z' }, 'Ends soon'],
    [{ state: 'active', expiresAt: key.expiresAt }, 'Active'],
  ] as const)('%j is %s', (state, words) => {
    expect(stateOf(state, now).words).toBe(words);
  });

  it('say when it was made, ends and was used', () => {
    expect(datesOf(key)).toBe('Made 1 Nov 2026, ends 1 Feb 2027, never used');
    expect(datesOf({ ...key, state: 'revoked' })).toBe('Made 1 Nov 2026, never used');
  });

  it('read networks however they are separated', () => {
    expect(readNetworks(' 10.0.0.0/8, ::1\n192.168.1.4 ')).toEqual([
      '10.0.0.0/8',
      '::1',
      '192.168.1.4',
    ]);
    expect(readNetworks('  ')).toEqual([]);
  });

  it('name a scope that a later server has', () => {
    expect(scopeWords('agents.run')).toBe('agents.run');
  });
});
