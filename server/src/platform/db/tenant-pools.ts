import type { Pool, PoolClient } from 'pg';
import { bucketLogin } from './login-roles.ts';
import { createPermits } from './permits.ts';
import type { Acquire } from './transaction.ts';
import type { TenantScope } from './types.ts';

export type TenantPools = {
  /** Takes a connection that may become this tenant's role; waits while the budget is spent. */
  acquireFor(scope: TenantScope): Acquire;
  close(): Promise<void>;
};

type Options = {
  /** Makes the pool of a login role; it may open as many connections as the whole budget. */
  createPool: (login: string) => Pool;
  connect: (pool: Pool, login: string) => Promise<PoolClient>;
  /** All buckets together hold at most this many connections. */
  budget: number;
  /** A connection that served this many tenants is closed: its caches of relations would only grow. */
  tenantsPerConnection: number;
};

type Bucket = { login: string; pool: Pool; usedAt: number };

/**
 * One pool per bucket of tenants, made on its first use, all within one budget: a bucket that needs
 * a connection when the budget is spent takes the place of another bucket's idle one.
 */
export function createTenantPools(options: Options): TenantPools {
  const buckets = new Map<number, Bucket>();
  const touched = new WeakMap<PoolClient, Set<string>>();
  const permits = createPermits(options.budget);

  const bucketOf = (number: number): Bucket => {
    let bucket = buckets.get(number);
    if (!bucket) {
      const login = bucketLogin(number);
      bucket = { login, pool: options.createPool(login), usedAt: 0 };
      buckets.set(number, bucket);
    }
    bucket.usedAt = performance.now();
    return bucket;
  };
  const acquire = async (scope: TenantScope): Promise<PoolClient> => {
    const returnPermit = await permits.take();
    try {
      const bucket = bucketOf(scope.bucket);
      await makeRoom([...buckets.values()], bucket, options.budget);
      const client = await options.connect(bucket.pool, bucket.login);
      const tenants = touched.get(client) ?? new Set();
      touched.set(client, tenants.add(scope.tenantId));
      const { release } = client;
      client.release = (spoiled) => {
        returnPermit();
        release.call(client, spoiled ?? tenants.size >= options.tenantsPerConnection);
      };
      return client;
    } catch (error) {
      returnPermit();
      throw error;
    }
  };
  return {
    acquireFor: (scope) => () => acquire(scope),
    close: async () => {
      await Promise.all([...buckets.values()].map(({ pool }) => pool.end()));
    },
  };
}

/** Whoever holds a permit finds an idle connection somewhere when all of the budget is open. */
async function makeRoom(buckets: readonly Bucket[], wanted: Bucket, budget: number): Promise<void> {
  const open = buckets.reduce((sum, { pool }) => sum + pool.totalCount, 0);
  if (wanted.pool.idleCount > 0 || open < budget) return;
  const [oldest] = buckets
    .filter((other) => other !== wanted && other.pool.idleCount > 0)
    .sort((a, b) => a.usedAt - b.usedAt);
  if (!oldest) return;
  const idle = await oldest.pool.connect();
  idle.release(true);
}
