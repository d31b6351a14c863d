import { describe, expect, it } from '@jest/globals';
import type { Overview } from '../../lib/api/types.ts';
import { overviewFacts } from './overview-facts.ts';

const well: Overview = {
  lookedAt: '2026-11-22T12:00:00.000Z',
  parts: { database: true, 'key-service': true },
  keyServiceSealed: false,
  diskFreeRatio: 0.5,
  logDiskFreeRatio: 0.5,
  certificateSeconds: 90 * 86_400,
  jobs: { waiting: 0, oldestSeconds: 0 },
  lockouts: 0,
  tenants: { active: 2 },
  controls: { pass: 60, fail: 0, missing: 70, not_applicable: 2 },
  auditChainBroken: false,
  egressSilent: true,
  secrets: { current: 9, overdue: 0 },
  backupSeconds: 3600,
  mailed: true,
  alerts: [],
  minutes: [],
};
const toneOf = (name: string, more: Partial<Overview>) =>
  overviewFacts({ ...well, ...more }).find((fact) => fact.name === name)?.tone;

describe('the facts of the overview', () => {
  it('are all well when everything is', () => {
    expect(overviewFacts(well).map(({ tone }) => tone)).toEqual(Array(8).fill('good'));
  });

  it.each<[string, Partial<Overview>, string]>([
    ['Parts', { parts: { database: false } }, 'bad'],
    ['Parts', { keyServiceSealed: true }, 'bad'],
    ['Parts', { parts: null }, 'unknown'],
    ['Queue', { jobs: { waiting: 3, oldestSeconds: 1000 } }, 'warn'],
    ['Disk', { diskFreeRatio: 0.05 }, 'warn'],
    ['Disk', { diskFreeRatio: 0.01 }, 'bad'],
    ['Disk', { logDiskFreeRatio: 0.05 }, 'warn'],
    ['Disk', { logDiskFreeRatio: 0.01 }, 'bad'],
    ['Certificate', { certificateSeconds: 86_400 }, 'warn'],
    ['Certificate', { certificateSeconds: -1 }, 'bad'],
    ['Backup', { backupSeconds: null }, 'warn'],
    ['Backup', { backupSeconds: 100_000 }, 'bad'],
    ['Failed sign-ins', { lockouts: 9 }, 'warn'],
    ['Controls', { controls: { fail: 1 } }, 'bad'],
    ['Controls', { egressSilent: false }, 'bad'],
    ['Secrets', { secrets: { overdue: 1 } }, 'warn'],
  ])('%s: %p is %s', (name, more, tone) => expect(toneOf(name, more)).toBe(tone));
});
