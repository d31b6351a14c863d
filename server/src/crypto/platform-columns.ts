import type { EncryptedColumn } from '../platform/index.ts';

/** Secrets of accounts and of connections in schema `control`, under the platform's own key. */
export const platformColumns: readonly EncryptedColumn[] = [
  { table: 'account_secrets', column: 'value', rowId: ['account_id', 'id'], tier: 'all' },
  { table: 'directory_users', column: 'person', rowId: ['id'], tier: 'all' },
  { table: 'connection_secrets', column: 'value', rowId: ['connection_id'], tier: 'all' },
  {
    table: 'directory_subjects',
    column: 'value',
    rowId: ['connection_id', 'account_id'],
    tier: 'all',
  },
  { table: 'names_at_providers', column: 'value', rowId: ['id'], tier: 'all' },
];
