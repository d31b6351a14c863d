import type { EncryptedColumn } from '../platform/index.ts';

/** What people and the model wrote; the places in `field-places.ts` follow these keys. */
export const chatColumns: readonly EncryptedColumn[] = [
  { table: 'conversations', column: 'title', rowId: ['id'], tier: 'all' },
  { table: 'messages', column: 'content', rowId: ['id'], tier: 'all' },
  { table: 'message_citations', column: 'quote', rowId: ['message_id', 'n'], tier: 'all' },
  { table: 'messages', column: 'error_detail', rowId: ['id'], tier: 'sealed' },
  {
    table: 'message_citations',
    column: 'document_name',
    rowId: ['message_id', 'n'],
    tier: 'sealed',
  },
  {
    table: 'message_citations',
    column: 'sealed_headings',
    rowId: ['message_id', 'n'],
    tier: 'sealed',
  },
  { table: 'message_events', column: 'data', rowId: ['message_id', 'id'], tier: 'all' },
];
