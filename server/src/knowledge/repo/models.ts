import type { TenantTx } from '../../platform/index.ts';

export type DocumentName = { id: string; name: string };

/** A document with passages that lack a vector of this model, if there is one. */
export function listWithoutModel(tx: TenantTx, modelName: string): Promise<DocumentName[]> {
  return tx.query<DocumentName>(
    `select document.id, document.name from documents document
     where document.state = 'ready' and exists (
       select from chunks chunk where chunk.document_id = document.id and not exists (
         select from embeddings made join embedding_models model on model.id = made.model_id
         where made.chunk_id = chunk.id and model.name = $1))
     order by document.id limit 1`,
    [modelName],
  );
}

/** Lets searches use this model from now on, and drops the vectors of all others. */
export async function makeCurrentByName(tx: TenantTx, name: string): Promise<void> {
  await tx.execute('update embedding_models set current = false where current and name <> $1', [
    name,
  ]);
  await tx.execute('update embedding_models set current = true where name = $1 and not current', [
    name,
  ]);
  await tx.execute(
    `delete from embeddings where model_id not in (
       select model.id from embedding_models model where model.current)`,
  );
}
