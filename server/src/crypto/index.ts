/**
 * Room `crypto` (floor 1): field encryption under each tenant's own keys.
 * Owns the envelope (AES-256-GCM, bound to tenant, provider, table, row and field), the data keys
 * wrapped by the tenant's transit key, and their bounded stay in memory.
 * Promises: a ciphertext that was moved or changed does not open, and no key outlives its minute.
 */
export {
  createTenantKeys,
  transitKeyName,
  wrappingContext,
  type TenantKeys,
} from './tenant-keys.ts';
