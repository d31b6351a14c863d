import { describe, expect, it } from '@jest/globals';
import type { Secret } from '../../lib/api/types.ts';
import { datesOf, lastOf, stateOf } from './secret-words.ts';

const secret: Secret = {
  name: 'signing-keys',
  title: 'Key that signs access tokens',
  kind: 'signing_key',
  count: 1,
  state: 'current',
  madeAt: '2026-11-22T10:00:00.000Z',
  ageDays: 12,
  periodDays: 90,
  nextAt: '2027-02-20T10:00:00.000Z',
  rotatedBy: 'appliance',
  rotatable: true,
  command: 'casemate rotation run signing-keys',
  how: '',
  note: null,
  last: null,
};
const last = { reason: 'due', state: 'queued', requestedAt: '', finishedAt: null } as const;

describe('the words of a secret', () => {
  it('SEC-03: say its age and its next date', () => {
    expect(datesOf(secret)).toBe('12 days old · every 90 days · next on 20 Feb 2027');
    expect(datesOf({ ...secret, count: 19, ageDays: 0 })).toContain('19 of them · made today');
    expect(datesOf({ ...secret, ageDays: null, periodDays: null, nextAt: null })).toBe(
      'on request',
    );
  });

  it('show a rotation that is under way before the state of the old secret', () => {
    expect(stateOf({ ...secret, state: 'overdue', last }).words).toBe('Being rotated');
    expect(stateOf({ ...secret, state: 'overdue' })).toEqual({ tone: 'bad', words: 'Overdue' });
  });

  it('say when the last rotation failed', () => {
    const failed = { ...last, state: 'failed', finishedAt: '2026-11-22T10:00:00.000Z' } as const;
    expect(lastOf({ ...secret, last: failed })).toContain('failed on');
    expect(lastOf({ ...secret, last })).toBeNull();
  });
});
