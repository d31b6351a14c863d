import type { TenantTx } from '../../platform/index.ts';
import type { Frequencies, Term } from '../search/choose-terms.ts';

/** A passage that may answer: its words, and how near its vector is to the question's (-1..1). */
export type Candidate = { chunkId: string; words: string; nearness: number | null };

/** In how many passages each of the lexemes stands, and how many passages the tenant has. */
export async function readFrequencies(
  tx: TenantTx,
  lexemes: readonly string[],
): Promise<Frequencies> {
  const [rows, usage] = await Promise.all([
    tx.query<{ lexeme: string; chunks: number }>(
      'select entry.lexeme, entry.chunks from lexemes entry where entry.lexeme = any($1)',
      [lexemes],
    ),
    tx.query<{ chunks: number }>('select used.chunks from knowledge_usage used'),
  ]);
  return {
    holding: new Map(rows.map(({ lexeme, chunks }) => [lexeme, chunks])),
    total: usage[0]?.chunks ?? 0,
  };
}

type ByWords = {
  terms: readonly Term[];
  vector: string | null;
  modelId: number;
  limit: number;
  /** Passages that one term looks at, at most. */
  entries: number;
};

/**
 * The passages that earn most from the terms. Each term is one index scan of bounded length; the
 * lexeme is quoted as one lexeme, so that nothing in it can be read as an operator.
 */
export function findByWords(tx: TenantTx, search: ByWords): Promise<Candidate[]> {
  return tx.query<Candidate>(
    `with best as (
       select hit.chunk_id, sum(term.weight) as earned
       from unnest($1::text[], $2::float4[]) as term (lexeme, weight)
       cross join lateral (
         select entry.chunk_id from chunk_words entry
         where entry.lexemes @@ (quote_literal(term.lexeme))::tsquery
         limit $6) as hit
       group by hit.chunk_id
       order by earned desc, hit.chunk_id
       limit $5)
     select best.chunk_id as "chunkId", entry.words,
       1 - (vectors.embedding operator(public.<=>) $3::public.halfvec) as nearness
     from best
     join chunk_words entry on entry.chunk_id = best.chunk_id
     left join embeddings vectors
       on vectors.chunk_id = best.chunk_id and vectors.model_id = $4`,
    [
      search.terms.map(({ lexeme }) => lexeme),
      search.terms.map(({ weight }) => weight),
      search.vector,
      search.modelId,
      search.limit,
      search.entries,
    ],
  );
}

type ByVector = { vector: string; modelId: number; limit: number };

/**
 * The passages whose vectors are nearest, through the graph of model 1 (384 dimensions); another
 * model has no graph of its own yet and is compared exactly.
 */
export async function findByVector(tx: TenantTx, search: ByVector): Promise<Candidate[]> {
  const values = [search.vector, search.limit];
  if (search.modelId !== 1) return findExactly(tx, search);
  const [, found] = await Promise.all([
    tx.query(
      `select set_config('hnsw.ef_search', $1, true),
                set_config('hnsw.iterative_scan', 'relaxed_order', true)`,
      [String(EFFORT)],
    ),
    tx.query<Candidate>(
      `with best as materialized (
         select vectors.chunk_id,
           vectors.embedding::public.halfvec(384) operator(public.<=>) $1::public.halfvec(384) as distance
         from embeddings vectors where vectors.model_id = 1
         order by vectors.embedding::public.halfvec(384) operator(public.<=>) $1::public.halfvec(384)
         limit $2)
       select best.chunk_id as "chunkId", entry.words, 1 - best.distance as nearness
       from best join chunk_words entry on entry.chunk_id = best.chunk_id`,
      values,
    ),
  ]);
  return found;
}

/** Breadth of the walk through the graph: more finds more and costs time. */
const EFFORT = 64;

function findExactly(tx: TenantTx, { vector, modelId, limit }: ByVector): Promise<Candidate[]> {
  return tx.query<Candidate>(
    `with best as materialized (
       select vectors.chunk_id, vectors.embedding operator(public.<=>) $1::public.halfvec as distance
       from embeddings vectors where vectors.model_id = $2
       order by distance limit $3)
     select best.chunk_id as "chunkId", entry.words, 1 - best.distance as nearness
     from best join chunk_words entry on entry.chunk_id = best.chunk_id`,
    [vector, modelId, limit],
  );
}

export type Hit = {
  chunkId: string;
  documentId: string;
  documentName: string;
  headings: string[];
  page: number | null;
  text: string;
};

/** What is shown of passages, in no order. */
export function readHits(
  tx: TenantTx,
  chunkIds: readonly string[],
): Promise<(Hit & { sealedHeadings: string | null })[]> {
  return tx.query(
    `select chunk.id as "chunkId", chunk.document_id as "documentId", document.name as "documentName",
       chunk.headings, chunk.sealed_headings as "sealedHeadings", chunk.page, chunk.text
     from chunks chunk join documents document on document.id = chunk.document_id
     where chunk.id = any($1)`,
    [chunkIds],
  );
}
