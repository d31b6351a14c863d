import type { TenantKeys } from '../../crypto/index.ts';
import type { Subject } from '../subject.ts';

export type KeyReader = Parameters<TenantKeys['open']>[0];

/** How a key ring reads a tenant's wrapped keys, through the test's own door. */
export function keyReader({ ctx, db, openTenant }: Subject, tenantId: string): KeyReader {
  return {
    tenantId,
    readTenant: async (work) => db.readTenant(await openTenant(tenantId, null), work),
    signal: ctx.signal,
  };
}
