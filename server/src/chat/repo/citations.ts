import type { TenantTx } from '../../platform/index.ts';

export type CitationRow = {
  messageId: string;
  n: number;
  chunkId: string;
  documentId: string;
  documentName: string;
  page: number | null;
  headings: string[];
  /** In the tier that holds its own seal, where `headings` is empty. */
  sealedHeadings: string | null;
  quote: string;
  deleted: boolean;
};

/** The citations of a conversation's messages; `deleted` when the passage is no longer there. */
export function listCitations(tx: TenantTx, conversationId: string): Promise<CitationRow[]> {
  return tx.query<CitationRow>(
    `select citation.message_id as "messageId", citation.n, citation.chunk_id as "chunkId",
       citation.document_id as "documentId", citation.document_name as "documentName", citation.page,
       citation.headings, citation.sealed_headings as "sealedHeadings", citation.quote, chunk.id is null as deleted
     from messages message
     join message_citations citation on citation.message_id = message.id
     left join chunks chunk on chunk.id = citation.chunk_id
     where message.conversation_id = $1
     order by citation.message_id, citation.n`,
    [conversationId],
  );
}

type NewCitations = {
  messageId: string;
  accountId: string;
  citations: readonly (Omit<CitationRow, 'messageId' | 'deleted' | 'headings'> & {
    headings: readonly string[];
  })[];
};

export async function insertCitations(tx: TenantTx, added: NewCitations): Promise<void> {
  if (added.citations.length === 0) return;
  await tx.execute(
    `insert into message_citations (message_id, n, tenant_id, account_id, chunk_id, document_id,
       document_name, page, headings, sealed_headings, quote)
     select $1, (entry ->> 'n')::integer, $2, $3, (entry ->> 'chunkId')::uuid,
       (entry ->> 'documentId')::uuid, entry ->> 'documentName', (entry ->> 'page')::integer,
       array(select jsonb_array_elements_text(entry -> 'headings')), entry ->> 'sealedHeadings',
       entry ->> 'quote'
     from jsonb_array_elements($4::jsonb) entry`,
    [added.messageId, tx.tenantId, added.accountId, JSON.stringify(added.citations)],
  );
}
