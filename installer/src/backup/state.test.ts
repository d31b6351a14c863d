import { describe, expect, it } from '@jest/globals';
import { defaultPlan, type BackupPlan } from './plan.ts';
import { dueTasks, type BackupState } from './state.ts';

const now = new Date('2026-11-22T12:00:00Z');
const plan: BackupPlan = { ...defaultPlan, target: '/mnt' };
const ago = (minutes: number) => new Date(now.getTime() - minutes * 60_000).toISOString();
const fresh: BackupState = {
  format: 1,
  backup: { id: 'b', at: ago(60), complete: true },
  keys: { at: ago(60), seen: 'same' },
  log: { at: ago(5) },
  drill: { at: ago(60), backup: 'b', passed: true, said: '' },
};
const due = (state: BackupState, seen = 'same', spooled = 1) =>
  dueTasks(now, { plan, state, seen, spooled });

describe('what is due', () => {
  it('is nothing while all is fresh', () => {
    expect(due(fresh)).toEqual([]);
  });

  it('is everything but a drill where nothing was ever done', () => {
    expect(due({ format: 1 })).toEqual(['keys', 'log', 'backup']);
  });

  it('ENC-09: is a snapshot of the keys as soon as one was made, rotated or destroyed', () => {
    expect(due(fresh, 'another')).toEqual(['keys']);
    expect(due({ ...fresh, keys: { at: ago(1440), seen: 'same' } })).toEqual(['keys']);
  });

  it('RES-04: is the log after its minutes, if there is any', () => {
    const state = { ...fresh, log: { at: ago(15) } };
    expect(due(state)).toEqual(['log']);
    expect(due(state, 'same', 0)).toEqual([]);
  });

  it('RES-04: are backup and drill by the plan', () => {
    const old = { id: 'b', at: ago(24 * 60), complete: true };
    expect(due({ ...fresh, backup: old })).toEqual(['backup']);
    const drill = { at: ago(7 * 1440), backup: 'b', passed: true, said: '' };
    expect(due({ ...fresh, drill })).toEqual(['drill']);
  });

  it.each([
    [1, 0, false],
    [1, 1, true],
    [4, 7, false],
    [4, 8, true],
    [20, 59, false],
    [20, 60, true],
  ])('rests after %i failures: %i minutes later tried: %s', (times, minutes, tried) => {
    const failed = { keys: { at: ago(minutes), why: '', times } };
    expect(due({ ...fresh, failed }, 'another')).toEqual(tried ? ['keys'] : []);
  });
});
