import type { TenantTx } from '../../platform/index.ts';

/** Whether the index of a tenant that holds its own seal is whole; a crash of the database forgets it. */
export async function isIndexed(tx: TenantTx): Promise<boolean> {
  const rows = await tx.query<{ there: boolean }>(
    'select exists (select from search_index) as there',
  );
  return rows[0]?.there ?? false;
}

/** False when it was written already. */
export async function noteIndexed(tx: TenantTx): Promise<boolean> {
  const count = await tx.execute(
    'insert into search_index (tenant_id) values ($1) on conflict do nothing',
    [tx.tenantId],
  );
  return count === 1;
}

export type Unindexed = {
  chunkId: string;
  documentId: string;
  documentName: string;
  headings: string[];
  sealedHeadings: string | null;
  text: string;
};

/** The next passages whose words the index lacks, in the order of their ids. */
export function listUnindexed(
  tx: TenantTx,
  next: { after: string; limit: number },
): Promise<Unindexed[]> {
  return tx.query<Unindexed>(
    `select chunk.id as "chunkId", document.id as "documentId", document.name as "documentName",
       chunk.headings, chunk.sealed_headings as "sealedHeadings", chunk.text
     from chunks chunk join documents document on document.id = chunk.document_id
     where chunk.id > $1 and not exists (
       select from chunk_words words where words.chunk_id = chunk.id)
     order by chunk.id limit $2`,
    [next.after, next.limit],
  );
}

/** Passages whose words are in the index, of all. */
export async function readIndexProgress(tx: TenantTx): Promise<{ done: number; total: number }> {
  const rows = await tx.query<{ done: number; total: number }>(
    `select (select count(*)::int from chunk_words) as done, (select count(*)::int from chunks) as total`,
  );
  return rows[0] ?? { done: 0, total: 0 };
}
