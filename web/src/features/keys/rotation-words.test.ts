import { describe, expect, it } from '@jest/globals';
import type { KeyRotation } from '../../lib/api/types.ts';
import { isUnderWay, rotationWords } from './rotation-words.ts';

const rotation: KeyRotation = {
  id: '0',
  kind: 'data',
  state: 'rewriting',
  fromVersion: 1,
  toVersion: 2,
  rowsDone: 40,
  rowsTotal: 100,
  error: null,
  requestedAt: '2026-11-22T12:00:00Z',
  finishedAt: null,
};

describe('rotationWords', () => {
  it('says how far the fields have come', () => {
    expect(rotationWords(rotation)).toBe('Data key, 1 → 2: encrypts the fields anew (40 of 100)');
  });

  it('names no versions before they are known, and none of a backfill', () => {
    const asked = { ...rotation, state: 'requested' as const, fromVersion: null, toVersion: null };
    expect(rotationWords(asked)).toBe('Data key: begins soon');
    const plain = { ...rotation, kind: 'backfill' as const, state: 'done' as const };
    expect(rotationWords(plain)).toBe('Encryption of plain rows: done');
  });
});

describe('isUnderWay', () => {
  it('is over when done or failed', () => {
    expect(isUnderWay(null)).toBe(false);
    expect(isUnderWay(rotation)).toBe(true);
    expect(isUnderWay({ ...rotation, state: 'failed' })).toBe(false);
  });
});
