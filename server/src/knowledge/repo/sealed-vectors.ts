import type { TenantTx } from '../../platform/index.ts';

export type SealedVector = { modelId: number; chunkId: string; vector: string };

/** Passages deleted meanwhile are skipped. */
export async function insertSealedVectors(
  tx: TenantTx,
  modelId: number,
  vectors: readonly { chunkId: string; vector: string }[],
): Promise<void> {
  await tx.execute(
    `insert into chunk_vectors (tenant_id, model_id, chunk_id, vector)
     select $1, $2, chunk.id, entry.vector
     from unnest($3::uuid[], $4::text[]) as entry (chunk_id, vector)
     join chunks chunk on chunk.id = entry.chunk_id
     on conflict (model_id, chunk_id) do update set vector = excluded.vector`,
    [
      tx.tenantId,
      modelId,
      vectors.map(({ chunkId }) => chunkId),
      vectors.map(({ vector }) => vector),
    ],
  );
}

/** The next kept vectors that the index lacks, in the order of passages. */
export function listUnindexedVectors(
  tx: TenantTx,
  next: { after: string; limit: number },
): Promise<SealedVector[]> {
  return tx.query<SealedVector>(
    `select kept.model_id as "modelId", kept.chunk_id as "chunkId", kept.vector
     from chunk_vectors kept
     where kept.chunk_id > $1 and not exists (
       select from embeddings made where made.chunk_id = kept.chunk_id and made.model_id = kept.model_id)
     order by kept.chunk_id limit $2`,
    [next.after, next.limit],
  );
}

/** Once searches use one model, the vectors of all others go here as they go from the index. */
export async function dropOtherVectors(tx: TenantTx): Promise<void> {
  await tx.execute(
    `delete from chunk_vectors where model_id not in (
       select model.id from embedding_models model where model.current)`,
  );
}
