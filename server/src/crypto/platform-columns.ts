import type { EncryptedColumn } from '../platform/index.ts';

/** Secrets of accounts in schema `control`, under the platform's own key. */
export const platformColumns: readonly EncryptedColumn[] = [
  { table: 'account_secrets', column: 'value', rowId: ['account_id', 'id'], tier: 'all' },
];
