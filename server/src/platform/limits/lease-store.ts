import type { Store } from 'express-rate-limit';
import type { Leases } from './leases.ts';

/**
 * Leases as express-rate-limit wants them. Only the time left is shared between processes; the
 * `Date` is made from this process's clock because the package subtracts that same clock again.
 */
export function createLeaseStore(leases: Leases): Store {
  return {
    localKeys: false,
    increment: async (key) => {
      const { used, leftMs } = await leases.take(key);
      return { totalHits: used, resetTime: new Date(Date.now() + leftMs) };
    },
    // What was admitted stays counted: a request is not given back.
    decrement: () => undefined,
    resetKey: () => undefined,
  };
}
