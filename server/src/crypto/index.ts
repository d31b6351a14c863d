/**
 * Room `crypto` (floor 1): field encryption under each tenant's own keys, and the platform's.
 * Owns the envelope (AES-256-GCM, bound to tenant, provider, table, row and field), the data keys
 * wrapped by the owner's transit key, their bounded stay in memory, and their rotation.
 * Promises: a ciphertext that was moved or changed does not open, and no key outlives its minute.
 */
export { tenantKeyPlace, transitKeyName } from './key-places.ts';
export { createTenantKeys, type TenantKeys } from './tenant-keys.ts';
