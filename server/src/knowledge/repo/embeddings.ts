import type { TenantTx } from '../../platform/index.ts';

export type EmbeddingModel = { id: number; name: string; dimensions: number };

/** The model whose vectors a search compares; undefined before the first document. */
export async function findCurrentModel(tx: TenantTx): Promise<EmbeddingModel | undefined> {
  const rows = await tx.query<EmbeddingModel>(
    `select model.id, model.name, model.dimensions from embedding_models model where model.current`,
  );
  return rows[0];
}

/**
 * The model of this name; the first one becomes the current one. Number 1 has the graph for 384
 * dimensions and is kept for such a model.
 */
export async function ensureModel(
  tx: TenantTx,
  model: { name: string; dimensions: number },
): Promise<EmbeddingModel> {
  await tx.execute(
    `insert into embedding_models (tenant_id, id, name, dimensions, current)
     select $1, greatest(max(known.id), case when $3 = 384 then 0 else 1 end) + 1, $2, $3::int,
       count(*) = 0 from embedding_models known
     on conflict do nothing`,
    [tx.tenantId, model.name, model.dimensions],
  );
  const rows = await tx.query<EmbeddingModel>(
    'select known.id, known.name, known.dimensions from embedding_models known where known.name = $1',
    [model.name],
  );
  const found = rows[0];
  if (!found) throw new Error('the embedding model could not be registered; the job tries again');
  if (found.dimensions !== model.dimensions)
    throw new Error(
      `the model ${model.name} now gives ${model.dimensions} dimensions, not ${found.dimensions}: set it under another name`,
    );
  return found;
}

export type Unembedded = {
  chunkId: string;
  ordinal: number;
  headings: string[];
  sealedHeadings: string | null;
  text: string;
};

/** The next passages after an ordinal that have no vector of this model, in reading order. */
export function listUnembedded(
  tx: TenantTx,
  next: { documentId: string; modelName: string; after: number; limit: number },
): Promise<Unembedded[]> {
  return tx.query<Unembedded>(
    `select chunk.id as "chunkId", chunk.ordinal, chunk.headings,
       chunk.sealed_headings as "sealedHeadings", chunk.text from chunks chunk
     where chunk.document_id = $1 and chunk.ordinal > $3 and not exists (
       select from embeddings made join embedding_models model on model.id = made.model_id
       where made.chunk_id = chunk.id and model.name = $2)
     order by chunk.ordinal limit $4`,
    [next.documentId, next.modelName, next.after, next.limit],
  );
}

/** Gives how many were new. Passages deleted meanwhile are skipped. */
export async function insertEmbeddings(
  tx: TenantTx,
  modelId: number,
  made: { chunkIds: readonly string[]; vectors: readonly (readonly number[])[] },
): Promise<number> {
  return tx.execute(
    `insert into embeddings (tenant_id, chunk_id, model_id, embedding)
     select $1, chunk.id, $2, entry.vector::public.halfvec
     from unnest($3::uuid[], $4::text[]) as entry (chunk_id, vector)
     join chunks chunk on chunk.id = entry.chunk_id
     on conflict do nothing`,
    // Vectors travel as text, which their type reads.
    [tx.tenantId, modelId, made.chunkIds, made.vectors.map((vector) => `[${vector.join(',')}]`)],
  );
}
