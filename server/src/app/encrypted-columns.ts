import { chatColumns } from '../chat/index.ts';
import { platformColumns, type ColumnsOf } from '../crypto/index.ts';
import { knowledgeColumns } from '../knowledge/index.ts';
import type { EncryptedColumn } from '../platform/index.ts';

/** Every encrypted column of a tenant's schema, from all rooms. */
export const encryptedColumns: readonly EncryptedColumn[] = [...chatColumns, ...knowledgeColumns];

const standard = encryptedColumns.filter(({ tier }) => tier === 'all');

/** Those of an owner of keys; what is ciphertext under a seal alone is so in such tenants alone. */
export const columnsOf: ColumnsOf = ({ tenantId, holdsSeal }) => {
  if (tenantId === null) return platformColumns;
  return holdsSeal ? encryptedColumns : standard;
};
