import { describe, expect, it } from '@jest/globals';
import { expired } from './expire.ts';
import type { BackupManifest } from './manifest.ts';
import type { Snapshot } from './restic.ts';

const now = new Date('2026-11-22T12:00:00Z');
const plan = { retentionDays: 35, keyRetentionDays: 7, everyHours: 24 };
const ago = (days: number) => new Date(now.getTime() - days * 86_400_000).toISOString();
const backup = (id: string, days: number, complete = true) =>
  ({ id, startedAt: ago(days), madeAt: ago(days), complete }) as BackupManifest;
const snapshot = (id: string, days: number, ...tags: string[]): Snapshot => ({
  ...{ id, time: ago(days), tags, paths: [] },
});
const none = { backups: [], data: [], keys: [] };

describe('what is forgotten', () => {
  it('ENC-09: are snapshots of the key service over their days, however few backups there are', () => {
    const keys = [snapshot('old', 7.1), snapshot('young', 6.9), snapshot('last', 0)];
    expect(expired(now, plan, { ...none, keys }).keys).toEqual(['old']);
  });

  it('is never the last snapshot of the key service', () => {
    expect(expired(now, plan, { ...none, keys: [snapshot('only', 400)] }).keys).toEqual([]);
  });

  it('is never the last complete backup', () => {
    const backups = [backup('whole', 90), backup('lame', 80, false)];
    const data = [
      snapshot('a', 90, 'base', 'backup=whole'),
      snapshot('b', 80, 'base', 'backup=lame'),
    ];
    expect(expired(now, plan, { ...none, backups, data }).data).toEqual(['b']);
  });

  it('RES-04: are backups over their days, with the log before the oldest that stays', () => {
    const backups = [backup('old', 36), backup('kept', 30), backup('late', 15), backup('new', 1)];
    const data = [
      snapshot('a', 36, 'manifest', 'backup=old'),
      snapshot('w1', 30.5, 'wal'),
      snapshot('b', 30, 'manifest', 'backup=kept'),
      snapshot('w2', 29.5, 'wal'),
    ];
    expect(expired(now, plan, { ...none, backups, data }).data).toEqual(['a', 'w1']);
  });

  it('RES-04: is nothing once after a leap of time: the clock may be wrong', () => {
    const leapt = [backup('old', 60), backup('before', 40), backup('new', 0)];
    const data = [
      snapshot('a', 60, 'base', 'backup=old'),
      snapshot('b', 40, 'base', 'backup=before'),
    ];
    const keys = [snapshot('k', 40), snapshot('last', 0)];
    expect(expired(now, plan, { backups: leapt, data, keys })).toEqual({ data: [], keys: [] });
    const next = [...leapt.slice(0, 2), backup('mid', 1), backup('new', 0)];
    expect(expired(now, plan, { backups: next, data, keys })).toEqual({
      data: ['a', 'b'],
      keys: ['k'],
    });
  });

  it('are the parts of a killed run, once nobody can be at them', () => {
    const data = [
      snapshot('dead', 1.1, 'base', 'backup=x'),
      snapshot('live', 0.01, 'base', 'backup=y'),
    ];
    expect(expired(now, plan, { ...none, backups: [backup('b', 2)], data }).data).toEqual(['dead']);
  });
});
