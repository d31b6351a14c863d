import { describe, expect, it } from '@jest/globals';
import { copiesOf } from './copies-of.ts';

const deletedAt = new Date('2026-11-01T00:00:00Z');
const plan = { everyHours: 24, retentionDays: 35, keyRetentionDays: 7 };
const seenAt = '2026-11-22T00:00:00Z';

describe('ENC-09: the copies of a deleted tenant', () => {
  it('ENC-09: are not known of without a plan', () => {
    expect(copiesOf(deletedAt, null)).toBeNull();
    expect(copiesOf(deletedAt, {})).toBeNull();
  });

  it('ENC-09: die with the prune after their retention, the key before the data', () => {
    expect(copiesOf(deletedAt, { plan })).toMatchObject({
      keysUntil: '2026-11-09T00:00:00.000Z',
      dataUntil: '2026-12-07T00:00:00.000Z',
    });
  });

  it('ENC-09: are gone only when the repository was seen without anything as old', () => {
    const oldest = { data: '2026-10-20T00:00:00Z', keys: '2026-11-15T00:00:00Z', seenAt };
    expect(copiesOf(deletedAt, { plan, oldest })).toMatchObject({
      keysGone: true,
      dataGone: false,
    });
    expect(copiesOf(deletedAt, { plan })).toMatchObject({ keysGone: false, dataGone: false });
    const younger = { data: '2026-11-01T00:00:01Z', keys: null, seenAt };
    expect(copiesOf(deletedAt, { plan, oldest: younger })).toMatchObject({ dataGone: true });
    const same = { data: '2026-11-01T00:00:00Z', keys: null, seenAt };
    expect(copiesOf(deletedAt, { plan, oldest: same })).toMatchObject({ dataGone: false });
  });
});
