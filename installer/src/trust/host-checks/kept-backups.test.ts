import { describe, expect, it } from '@jest/globals';
import { defaultPlan } from '../../backup/plan.ts';
import type { BackupSight } from '../../backup/look-at-backups.ts';
import { fakePatient } from '../../doctor/fake-patient.ts';
import { fakeHost } from '../../preflight/fake-host.ts';
import { keptBackups } from './kept-backups.ts';

const now = new Date('2026-11-22T12:00:00Z');
const ago = (hours: number) => new Date(now.getTime() - hours * 3_600_000).toISOString();
const seen = (hours: number) => ({ at: ago(hours), fault: null });
const fresh: BackupSight = {
  plan: { ...defaultPlan, target: '/mnt' },
  state: {
    format: 1,
    backup: { id: 'b', at: ago(3), complete: true },
    drill: { at: ago(30), backup: 'b', passed: true, said: '36 tables as noted' },
  },
  hasRecipient: true,
  newest: { data: seen(3), keys: seen(3), recovery: seen(900) },
  holdsLast: true,
};
const found = (sight: BackupSight | null) =>
  keptBackups.run(
    fakePatient({
      host: { ...fakeHost(), now: () => now },
      lookAtBackups: () => Promise.resolve(sight),
    }),
  );

describe('RES-04: the check of the backups', () => {
  it.each([
    ['none was made', { state: { format: 1 as const } }],
    [
      'the last is older than twice its plan',
      { state: { ...fresh.state, backup: { id: 'b', at: ago(49), complete: true } } },
    ],
    [
      'the last is dated ahead of the clock',
      { state: { ...fresh.state, backup: { id: 'b', at: ago(-1), complete: true } } },
    ],
    [
      'the last is not complete',
      { state: { ...fresh.state, backup: { id: 'b', at: ago(3), complete: false } } },
    ],
    ['there is no recipient', { hasRecipient: false }],
    [
      'the escrow is not in the target',
      { newest: { ...fresh.newest, recovery: { at: null, fault: null } } },
    ],
    ['the repository does not hold what was noted', { holdsLast: false }],
    ['the key service was not saved', { newest: { ...fresh.newest, keys: seen(49) } }],
    [
      'a repository can’t be read',
      { newest: { ...fresh.newest, keys: { at: null, fault: 'it is away' } } },
    ],
    [
      'the log is not saved',
      { state: { ...fresh.state, failed: { log: { at: ago(1), why: 'full', times: 3 } } } },
    ],
    [
      'the last drill failed',
      { state: { ...fresh.state, drill: { at: ago(1), backup: 'b', passed: false, said: 'no' } } },
    ],
    [
      'the last drill is long ago',
      { state: { ...fresh.state, drill: { at: ago(337), backup: 'b', passed: true, said: '' } } },
    ],
  ])('RES-04: fails when %s', async (_what, worse) => {
    expect(await found({ ...fresh, ...worse })).toMatchObject({ status: 'fail' });
  });

  it('RES-04: proves nothing without a plan, or before the first drill', async () => {
    expect(await found(null)).toMatchObject({ status: 'not_applicable' });
    const { drill: _drill, ...undrilled } = fresh.state;
    expect(await found({ ...fresh, state: undrilled })).toMatchObject({ status: 'not_applicable' });
  });

  it('RES-04: holds for a fresh backup that is there and was drilled', async () => {
    expect(await found(fresh)).toMatchObject({
      status: 'pass',
      evidence: expect.stringContaining('36 tables as noted') as unknown,
    });
  });
});
