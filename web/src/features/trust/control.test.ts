import { describe, expect, it } from '@jest/globals';
import { groupByFamily, type Control } from './control.ts';

const control = (id: string, status: Control['status']): Control => ({
  id,
  family: id.slice(0, 3),
  sources: ['S0'],
  kind: 'live',
  requirement: 'r',
  status,
  proof: 'live',
  evidence: 'e',
  checkedAt: null,
  lastPassedAt: null,
  examines: [],
  sabotages: [],
});
const all = [control('ISO-01', 'pass'), control('ENC-01', 'fail'), control('ISO-02', 'missing')];
const idsOf = (filter: Parameters<typeof groupByFamily>[1]) =>
  groupByFamily(all, filter).map(({ controls }) => controls.map(({ id }) => id));

describe('groupByFamily', () => {
  it('TRU-02: leaves no control out when nothing is filtered', () => {
    expect(idsOf({ family: null, status: null })).toEqual([['ISO-01', 'ISO-02'], ['ENC-01']]);
  });
  it('filters by family and by status, and by both', () => {
    expect(idsOf({ family: 'ENC', status: null })).toEqual([['ENC-01']]);
    expect(idsOf({ family: null, status: 'missing' })).toEqual([['ISO-02']]);
    expect(idsOf({ family: 'ENC', status: 'pass' })).toEqual([]);
  });
});
