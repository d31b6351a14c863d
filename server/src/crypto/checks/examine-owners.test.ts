import { describe, expect, it } from '@jest/globals';
import type { RequestContext } from '../../platform/index.ts';
import { examineOwners } from './examine-owners.ts';

describe('examineOwners', () => {
  it('ENC-01: looks at another sample each time, so that none is left out for ever', async () => {
    const owners = Array.from({ length: 450 }, (_each, at) => ({
      tenantId: `tenant-${at}`,
      state: 'active',
    }));
    const ctx = { inControl: () => Promise.resolve(owners) } as unknown as RequestContext;
    const seen = new Set<string | null>();
    for (let times = 0; times < 60; times += 1) {
      const { owners: count } = await examineOwners(ctx, ({ tenantId }) => {
        seen.add(tenantId);
        return Promise.resolve([]);
      });
      expect(count).toBe(150);
    }
    expect(seen.size).toBe(450);
  });
});
