import type { TenantTx } from '../../platform/index.ts';

export type Usage = { bytes: number; documents: number };

export async function readUsage(tx: TenantTx): Promise<Usage> {
  const rows = await tx.query<Usage>(
    'select used.bytes::float8 as bytes, used.documents from knowledge_usage used',
  );
  return rows[0] ?? { bytes: 0, documents: 0 };
}

/** Takes one document's bytes from the quota; false when they don't fit. Safe side by side. */
export async function reserve(
  tx: TenantTx,
  wish: { bytes: number; quotaBytes: number },
): Promise<boolean> {
  await tx.execute(
    'insert into knowledge_usage (tenant_id) values ($1) on conflict (tenant_id) do nothing',
    [tx.tenantId],
  );
  const count = await tx.execute(
    `update knowledge_usage set bytes = bytes + $1, documents = documents + 1
     where bytes + $1 <= $2`,
    [wish.bytes, wish.quotaBytes],
  );
  return count === 1;
}

/** Gives back what a document used: its bytes, its place in the count, its passages. */
export async function release(
  tx: TenantTx,
  used: { bytes: number; documents: number; chunks: number },
): Promise<void> {
  await tx.execute(
    `update knowledge_usage set bytes = greatest(0, bytes - $1),
       documents = greatest(0, documents - $2), chunks = greatest(0, chunks - $3)`,
    [used.bytes, used.documents, used.chunks],
  );
}
