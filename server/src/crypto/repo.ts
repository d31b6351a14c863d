import type { TenantTx } from '../platform/index.ts';

export type WrappedKey = { version: number; wrapped: string; state: string };

export async function listDataKeys(tx: TenantTx): Promise<WrappedKey[]> {
  return tx.query<WrappedKey>(
    `select key.version, key.wrapped, key.state from data_keys key where key.state <> 'retired'
     order by key.version`,
  );
}
