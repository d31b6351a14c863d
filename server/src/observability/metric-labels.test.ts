import { describe, expect, it } from '@jest/globals';
import { unboundedLabels } from './metric-labels.ts';

const sample = (labels: Record<string, string>) => [{ metric: 'casemate_x', labels, value: 1 }];

describe('OBS-01: labels of metrics', () => {
  it.each([
    [{ tenant: 'a' }],
    [{ route: '/api/tenants/018f6a3e-7c1d-7000-8000-000000000000' }],
    [{ route: '/api/x?name=Anna' }],
    [{ state: 'Tenant of Anna' }],
    [{ part: 'anna@example.org' }],
    [{ reason: '192.0.2.9' }],
    [{ kind: '018f6a3e-7c1d-7000-8000-000000000000' }],
  ])('OBS-01: finds %p unbounded', (labels) => {
    expect(unboundedLabels(sample(labels))).toHaveLength(1);
  });

  it('OBS-01: takes patterns of routes, states and kinds', () => {
    const labels = {
      route: '/api/tenants/:tenantId',
      method: 'get',
      status: '200',
      state: 'active',
    };
    expect(unboundedLabels(sample(labels))).toEqual([]);
  });
});
