import type { Database } from '../../platform/index.ts';
import { findTier } from './repo.ts';

export type Tier = 'standard' | 'sealed';

export type Tiers = {
  /** The tier of a tenant; `standard` for one that does not exist, which opens nothing anyway. */
  tierOf(tenantId: string): Promise<Tier>;
};

const MOST_HELD = 20_000;

/** A tier is chosen once and never changes, so a process asks for each tenant's once. */
export function createTiers(db: Pick<Database, 'readControl'>): Tiers {
  const held = new Map<string, Tier>();
  return {
    tierOf: async (tenantId) => {
      const known = held.get(tenantId);
      if (known) return known;
      const tier = await db.readControl((tx) => findTier(tx, tenantId));
      if (!tier) return 'standard';
      if (held.size >= MOST_HELD) held.clear();
      held.set(tenantId, tier);
      return tier;
    },
  };
}
