import { chatColumns } from '../chat/index.ts';
import { platformColumns } from '../crypto/index.ts';
import type { EncryptedColumn } from '../platform/index.ts';

/** Every encrypted column of a tenant's schema, from all rooms. */
export const encryptedColumns: readonly EncryptedColumn[] = [...chatColumns];

/** Those of an owner of keys: a tenant, or for null the platform. */
export function columnsOf(tenantId: string | null): readonly EncryptedColumn[] {
  return tenantId === null ? platformColumns : encryptedColumns;
}
