import type pg from 'pg';
import { newId, tenantName, type TenantTx } from '../../server/src/platform/index.ts';
import { insertAll } from '../../server/src/knowledge/ingest/store-passages.ts';
import { standardTexts } from '../../server/src/tenancy/index.ts';
import {
  insertDocument,
  setContents,
  setState,
} from '../../server/src/knowledge/repo/documents.ts';
import { ensureModel, insertEmbeddings } from '../../server/src/knowledge/repo/embeddings.ts';
import { countIn } from '../../server/src/knowledge/repo/passages.ts';
import { reserve } from '../../server/src/knowledge/repo/usage.ts';
import { madeUpPassage, madeUpVector } from './made-up-passages.ts';
import { randomFrom } from './made-up-text.ts';

export type Fill = {
  readonly tenantId: string;
  readonly passages: number;
  /** The embedding model by its name in the settings. */
  readonly model: string;
  report(text: string): void;
};

const PER_DOCUMENT = 1_000;
const DIMENSIONS = 384;

/**
 * Fills a tenant with made-up passages and vectors, past all isolation: for benchmarks, over the
 * superuser's connection. The graph of vectors is built at the end, which is much faster.
 */
export async function fillTenant(client: pg.Client, fill: Fill): Promise<void> {
  const tx = asTenantTx(client, fill.tenantId);
  const random = randomFrom(100_000);
  await client.query(`set search_path = "${tenantName(fill.tenantId)}", pg_catalog`);
  await client.query('drop index embeddings_model_1');
  for (let made = 0; made < fill.passages; made += PER_DOCUMENT) {
    const count = Math.min(PER_DOCUMENT, fill.passages - made);
    await client.query('begin');
    await fillDocument(tx, { ...fill, count, random });
    await client.query('commit');
    if (made % 20_000 === 0) fill.report(`${made + count} of ${fill.passages} passages`);
  }
  fill.report('building the graph of vectors');
  await client.query(`set maintenance_work_mem = '512MB'`);
  await client.query(
    `create index embeddings_model_1 on embeddings
       using hnsw ((embedding::public.halfvec(384)) public.halfvec_cosine_ops) where model_id = 1`,
  );
  await client.query('vacuum analyze documents, chunks, chunk_words, lexemes, embeddings');
}

type OneDocument = Fill & { readonly count: number; readonly random: () => number };

async function fillDocument(tx: TenantTx, fill: OneDocument): Promise<void> {
  const { count, random } = fill;
  const id = newId();
  const name = `made-up-${id}.txt`;
  await reserve(tx, { bytes: 1, quotaBytes: Number.MAX_SAFE_INTEGER });
  await insertDocument(tx, {
    id,
    name,
    mediaType: 'text/plain',
    bytes: 1,
    sha256: Buffer.from(id.replaceAll('-', '').repeat(2), 'hex'),
    uploadKey: null,
    createdBy: null,
  });
  const drafts = Array.from({ length: count }, () => madeUpPassage(random));
  await countIn(tx, await insertAll(tx, { id, name, texts: standardTexts }, drafts), count);
  await setContents(tx, { id, pages: null, language: 'simple', total: count });
  const model = await ensureModel(tx, { name: fill.model, dimensions: DIMENSIONS });
  const chunks = await tx.query<{ id: string }>(
    'select chunk.id from chunks chunk where chunk.document_id = $1',
    [id],
  );
  await insertEmbeddings(tx, model.id, {
    chunkIds: chunks.map((chunk) => chunk.id),
    vectors: chunks.map(() => madeUpVector(random, DIMENSIONS)),
  });
  await setState(tx, { id, state: 'ready' });
}

/**
 * The room's own statements on a connection that is in no tenant's role. The brand is forged here on
 * purpose: only `withTenant` makes a real one, and the bench fills past all isolation.
 */
function asTenantTx(client: pg.Client, tenantId: string): TenantTx {
  const send = (text: string, values: readonly unknown[] = []): Promise<pg.QueryResult> =>
    client.query({ text, values: [...values] });
  return {
    tenantId,
    query: async (text: string, values?: readonly unknown[]) =>
      (await send(text, values)).rows as unknown[],
    execute: async (text: string, values?: readonly unknown[]) =>
      (await send(text, values)).rowCount ?? 0,
  } as unknown as TenantTx;
}
