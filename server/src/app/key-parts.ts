import type { InventoryParts } from '../crypto/index.ts';
import { scopeOfTenant } from '../tenancy/index.ts';
import { columnsOf } from './encrypted-columns.ts';

/** What room `crypto` is handed of the rooms above it. */
export const keyParts: InventoryParts = {
  scopeOf: ({ platform }, tenantId) => scopeOfTenant(platform, tenantId),
  columnsOf,
};
