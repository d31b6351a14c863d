import type { EncryptedColumn } from '../platform/index.ts';

/** Of the standard tier none: passages are searched by the database. */
export const knowledgeColumns: readonly EncryptedColumn[] = [
  { table: 'documents', column: 'name', rowId: ['id'], tier: 'sealed' },
  { table: 'documents', column: 'error_detail', rowId: ['id'], tier: 'sealed' },
  { table: 'documents', column: 'upload_key', rowId: ['id'], tier: 'sealed' },
  { table: 'chunks', column: 'text', rowId: ['id'], tier: 'sealed' },
  { table: 'chunks', column: 'sealed_headings', rowId: ['id'], tier: 'sealed' },
  { table: 'chunk_vectors', column: 'vector', rowId: ['model_id', 'chunk_id'], tier: 'sealed' },
];
