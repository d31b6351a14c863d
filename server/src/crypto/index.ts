/**
 * Room `crypto` (floor 1): field encryption under each tenant's own keys, and the platform's.
 * Owns the envelope (AES-256-GCM, bound to tenant, provider, table, row and field), the data keys
 * wrapped by the owner's transit key, their bounded stay in memory, their rotation and inventory,
 * and the ledger of destroyed keys.
 * Promises: a ciphertext that was moved or changed does not open, and no key outlives its time.
 */
export { cryptoChecks } from './checks/crypto-checks.ts';
export { getInventory, listInventory, type InventoryParts } from './inventory/key-inventory.ts';
export { tenantKeyPlace, tenantOfKey, transitKeyName, wrappingContext } from './key-places.ts';
export { awaitLedger } from './ledger/await-ledger.ts';
export {
  findLedgerFault,
  markKeyService,
  reconcileLedger,
  recordDeletion,
  requireKnownMark,
} from './ledger/deletion-ledger.ts';
export { matchDataKeys } from './match-data-keys.ts';
export { platformColumns } from './platform-columns.ts';
export { readKeyAges, type ScheduledKind } from './repo/key-ages.ts';
export { findRotation, type Rotation, type RotationKind } from './repo/rotations.ts';
export type { ColumnsOf } from './rotation/columns-of.ts';
export { ensurePlatformKey } from './rotation/ensure-platform-key.ts';
export type { Keeper } from './rotation/poll.ts';
export { requestRotation } from './rotation/request-rotation.ts';
export {
  KEY_PERIOD_DAYS,
  requestDueRotations,
  startKeySchedule,
} from './rotation/schedule-rotations.ts';
export { resealFields } from './rotation/reseal-fields.ts';
export { startKeyKeeper } from './rotation/start-key-keeper.ts';
export { startRewriter } from './rotation/start-rewriter.ts';
export { keyRoutes } from './routes.ts';
export { startKeyWatch } from './fields/watch-keys.ts';
export { presentKeyRotation, presentOwner, presentOwnerDetail } from './schema.ts';
export { createTenantKeys, type TenantKeys } from './tenant-keys.ts';
