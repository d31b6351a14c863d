/**
 * A column whose texts are encrypted fields. Each room exports its own; `app` hands them to room
 * `crypto`, which re-encrypts them, counts them and proves that none holds plain text.
 */
export type EncryptedColumn = {
  /** In the tenant's schema; of the platform's own secrets in schema `control`. */
  readonly table: string;
  readonly column: string;
  /** The primary key: its values, joined by `/`, are the `row` of the associated data. */
  readonly rowId: readonly string[];
  /** The column that names the outside service a secret belongs to, where there is one. */
  readonly provider?: string;
  /** Ciphertext in every tenant, or only in those that hold their own seal. */
  readonly tier: EncryptionTier;
};

export type EncryptionTier = 'all' | 'sealed';
