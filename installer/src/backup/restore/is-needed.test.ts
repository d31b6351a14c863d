import { describe, expect, it } from '@jest/globals';
import type { BackupManifest } from '../manifest.ts';
import { isNeeded } from './stage.ts';

const log = { history: 'h', first: '000000010000000000000010', last: '000000010000000000000012' };
const manifest = (noted: typeof log | undefined) =>
  ({
    startedAt: '2026-11-22T10:00:00Z',
    madeAt: '2026-11-22T10:05:00Z',
    database: { ...(noted ? { log: noted } : {}) },
  }) as BackupManifest;
const pushed = (first: string, last: string, history = 'h', time = '2020-01-01T00:00:00Z') => ({
  ...{ id: 'x', time, paths: [] },
  tags: [
    'wal',
    `history=${history}`,
    `first=0000000100000000000000${first}`,
    `last=0000000100000000000000${last}`,
  ],
});

describe('the log that a backup needs', () => {
  it('RES-04: is found by the names of its segments, whatever the clock said', () => {
    expect(isNeeded(pushed('0E', '10'), manifest(log), 'point')).toBe(true);
    expect(isNeeded(pushed('11', '12'), manifest(log), 'point')).toBe(true);
    expect(isNeeded(pushed('0E', '0F'), manifest(log), 'end')).toBe(false);
    expect(isNeeded(pushed('13', '14'), manifest(log), 'point')).toBe(false);
    expect(isNeeded(pushed('13', '14'), manifest(log), 'end')).toBe(true);
  });

  it('RES-04: is never that of another life of the cluster', () => {
    expect(isNeeded(pushed('11', '12', 'other'), manifest(log), 'end')).toBe(false);
  });

  it('is found by the clock where the names were not noted', () => {
    const at = (time: string) => pushed('11', '12', 'h', time);
    expect(isNeeded(at('2026-11-22T10:04:00Z'), manifest(undefined), 'point')).toBe(true);
    expect(isNeeded(at('2026-11-22T09:59:00Z'), manifest(undefined), 'end')).toBe(false);
    expect(isNeeded(at('2026-11-22T11:00:00Z'), manifest(undefined), 'end')).toBe(true);
    expect(isNeeded(at('2026-11-22T11:00:00Z'), manifest(undefined), 'point')).toBe(false);
  });
});
