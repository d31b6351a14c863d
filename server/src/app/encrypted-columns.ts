import { chatColumns } from '../chat/index.ts';
import type { EncryptedColumn } from '../platform/index.ts';

/** Every encrypted column of a tenant's schema, from all rooms. */
export const encryptedColumns: readonly EncryptedColumn[] = [...chatColumns];
