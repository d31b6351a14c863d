import type { TenantTx } from '../../platform/index.ts';
import type { PageBox } from '../parse/index.ts';

export type NewPassage = {
  id: string;
  ordinal: number;
  page: number | null;
  headings: readonly string[];
  /** In the tier that holds its own seal, where `headings` is empty. */
  sealedHeadings: string | null;
  boxes: readonly PageBox[];
  text: string;
  /** All words in order. */
  words: readonly string[];
  lexemes: readonly string[];
};

type WordsOfPassage = Pick<NewPassage, 'id' | 'words' | 'lexemes'>;

/** Many passages in two statements that travel together. */
export async function insertPassages(
  tx: TenantTx,
  documentId: string,
  passages: readonly NewPassage[],
): Promise<void> {
  await Promise.all([insertChunks(tx, documentId, passages), insertWords(tx, passages)]);
}

async function insertChunks(
  tx: TenantTx,
  documentId: string,
  passages: readonly NewPassage[],
): Promise<void> {
  await tx.execute(
    `insert into chunks (tenant_id, id, document_id, ordinal, page, headings, sealed_headings, boxes, text)
     select $1, row.id, $2, row.ordinal, row.page,
       array(select jsonb_array_elements_text(row.headings::jsonb)), row.sealed, row.boxes::jsonb, row.text
     from unnest($3::uuid[], $4::int[], $5::int[], $6::text[], $7::text[], $8::text[], $9::text[])
       as row (id, ordinal, page, headings, sealed, boxes, text)`,
    [
      tx.tenantId,
      documentId,
      passages.map(({ id }) => id),
      passages.map(({ ordinal }) => ordinal),
      passages.map(({ page }) => page),
      passages.map(({ headings }) => JSON.stringify(headings)),
      passages.map(({ sealedHeadings }) => sealedHeadings),
      passages.map(({ boxes }) => JSON.stringify(boxes)),
      passages.map(({ text }) => text),
    ],
  );
}

/** Makes passages searchable by their words. */
export async function insertWords(
  tx: TenantTx,
  passages: readonly WordsOfPassage[],
): Promise<void> {
  await tx.execute(
    `insert into chunk_words (tenant_id, chunk_id, words, lexemes)
     select $1, row.id, row.words, array_to_tsvector(string_to_array(row.lexemes, ' '))
     from unnest($2::uuid[], $3::text[], $4::text[]) as row (id, words, lexemes)`,
    // No word and no lexeme holds a space.
    [
      tx.tenantId,
      passages.map(({ id }) => id),
      passages.map(({ words }) => words.join(' ')),
      passages.map(({ lexemes }) => lexemes.join(' ')),
    ],
  );
}

/**
 * Counts lexemes in or out and keeps the number of passages. One writer per tenant at a time, held
 * until the transaction ends: two documents share most of their lexemes and would deadlock.
 */
export async function lockCounts(tx: TenantTx): Promise<void> {
  await tx.query('select control.lock_counts()');
}

/** For somebody who waits for the answer: a lock that is not had soon is a 503 to try again. */
export async function waitShortly(tx: TenantTx): Promise<void> {
  await tx.query(`set local lock_timeout = '1s'`);
}

export async function countIn(
  tx: TenantTx,
  counts: ReadonlyMap<string, number>,
  passages: number,
): Promise<void> {
  await countLexemes(tx, counts);
  await tx.execute('update knowledge_usage set chunks = chunks + $1', [passages]);
}

export async function countLexemes(
  tx: TenantTx,
  counts: ReadonlyMap<string, number>,
): Promise<void> {
  await tx.execute(
    `insert into lexemes (tenant_id, lexeme, chunks)
     select $1, entry.lexeme, entry.chunks from unnest($2::text[], $3::int[]) as entry (lexeme, chunks)
     on conflict (lexeme) do update set chunks = lexemes.chunks + excluded.chunks`,
    [tx.tenantId, [...counts.keys()], [...counts.values()]],
  );
}

/** Takes a document's lexemes out of the counts; call before its passages go. */
export async function countOut(tx: TenantTx, documentId: string): Promise<number> {
  await tx.execute(
    `update lexemes set chunks = lexemes.chunks - gone.chunks
     from (select entry.lexeme, count(*)::int as chunks
           from chunks chunk join chunk_words words on words.chunk_id = chunk.id
           cross join unnest(tsvector_to_array(words.lexemes)) as entry (lexeme)
           where chunk.document_id = $1 group by entry.lexeme) as gone
     where lexemes.lexeme = gone.lexeme`,
    [documentId],
  );
  const rows = await tx.query<{ count: number }>(
    'select count(*)::int as count from chunks chunk where chunk.document_id = $1',
    [documentId],
  );
  return rows[0]?.count ?? 0;
}

export type Passage = {
  chunkId: string;
  documentId: string;
  documentName: string;
  headings: string[];
  page: number | null;
  boxes: PageBox[];
  text: string;
  before: string | null;
  after: string | null;
};

/** A passage as it is stored. */
export type PassageRow = Passage & {
  sealedHeadings: string | null;
  beforeId: string | null;
  afterId: string | null;
};

/** Passages with their neighbours in the document, in no order; those that are gone are missing. */
export function findPassages(tx: TenantTx, chunkIds: readonly string[]): Promise<PassageRow[]> {
  return tx.query<PassageRow>(
    `select chunk.id as "chunkId", document.id as "documentId", document.name as "documentName",
       chunk.headings, chunk.sealed_headings as "sealedHeadings", chunk.page, chunk.boxes, chunk.text,
       earlier.text as before, earlier.id as "beforeId", later.text as after, later.id as "afterId"
     from chunks chunk join documents document on document.id = chunk.document_id
     left join chunks earlier
       on earlier.document_id = chunk.document_id and earlier.ordinal = chunk.ordinal - 1
     left join chunks later
       on later.document_id = chunk.document_id and later.ordinal = chunk.ordinal + 1
     where chunk.id = any($1)`,
    [chunkIds],
  );
}

export type HeadingOfPassage = {
  chunkId: string;
  headings: string[];
  page: number | null;
  /** Its first characters. */
  opening: string;
};

/** In reading order; of each text the first characters, or all of it where an encrypted field can't be cut. */
export function listHeadings(
  tx: TenantTx,
  { documentId, opening }: { documentId: string; opening: number | null },
): Promise<(HeadingOfPassage & { sealedHeadings: string | null })[]> {
  return tx.query(
    `select chunk.id as "chunkId", chunk.headings, chunk.sealed_headings as "sealedHeadings", chunk.page,
       coalesce(left(chunk.text, $2), chunk.text) as opening
     from chunks chunk
     where chunk.document_id = $1 order by chunk.ordinal`,
    [documentId, opening],
  );
}
