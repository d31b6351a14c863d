import { describe, expect, it } from '@jest/globals';
import type { UpgradeJournal } from './journal.ts';
import { majorStep, pointsOfNoReturn } from './major-step.ts';

const journal = (from: string, to: string, contracts: string[] = []) =>
  ({
    contracts,
    from: { components: { postgresql: { version: from } } },
    to: { components: { postgresql: { version: to } } },
  }) as unknown as UpgradeJournal;

describe('majorStep', () => {
  it('DEP-06: sees another major version, forward and back, and no step within one', () => {
    expect(majorStep('17.9', '18.6')).toEqual({ from: 17, to: 18 });
    expect(majorStep('18.6', '17.9')).toEqual({ from: 18, to: 17 });
    expect(majorStep('9.6', '18.6')).toEqual({ from: 9, to: 18 });
    expect(majorStep('18.5', '18.6')).toBeNull();
    expect(majorStep(undefined, '18.6')).toBeNull();
  });
});

describe('pointsOfNoReturn', () => {
  it('DEP-06: names the contracts, and a data directory that the version before cannot open', () => {
    expect(pointsOfNoReturn(journal('17.9', '18.6', ['0011-x.sql']))).toEqual([
      '0011-x.sql',
      'PostgreSQL 18',
    ]);
    expect(pointsOfNoReturn(journal('18.5', '18.6'))).toEqual([]);
  });
});
