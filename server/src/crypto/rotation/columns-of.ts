import type { EncryptedColumn } from '../../platform/index.ts';

/** The encrypted columns of an owner of keys: a tenant of either tier, or for null the platform. */
export type ColumnsOf = (owner: {
  readonly tenantId: string | null;
  readonly holdsSeal: boolean;
}) => readonly EncryptedColumn[];
