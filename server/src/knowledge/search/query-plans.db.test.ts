import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startAppliance, type TestAppliance } from '../../../tests/test-appliance.ts';
import { newId, type RequestContext, type TenantTx } from '../../platform/index.ts';
import { listDocuments, listUnfinished } from '../repo/documents.ts';
import { listUnembedded } from '../repo/embeddings.ts';
import { findPassages, listHeadings } from '../repo/passages.ts';
import { findByVector, findByWords, readFrequencies, readHits } from '../repo/search.ts';

let appliance: TestAppliance;
let ctx: RequestContext;

const FILL = `
  insert into documents (tenant_id, id, name, media_type, bytes, sha256, state)
  select tenant, md5('d' || n)::uuid, 'document ' || n, 'text/plain', 1, sha256(n::text::bytea),
    'ready'
  from generate_series(1, 2000) n;
  insert into chunks (tenant_id, id, document_id, ordinal, text)
  select tenant, md5('c' || n)::uuid, md5('d' || (n % 2000 + 1))::uuid, n, 'text'
  from generate_series(1, 20000) n;
  insert into chunk_words (tenant_id, chunk_id, words, lexemes)
  select tenant, md5('c' || n)::uuid, 'w' || n % 5000, array_to_tsvector(array['w' || n % 5000])
  from generate_series(1, 20000) n;
  insert into lexemes (tenant_id, lexeme, chunks)
  select tenant, 'w' || n, 4 from generate_series(0, 4999) n;
  insert into embedding_models (tenant_id, id, name, dimensions, current)
  values (tenant, 1, 'casemate-embed', 384, true);
  insert into embeddings (tenant_id, chunk_id, model_id, embedding)
  select tenant, md5('c' || n)::uuid, 1,
    array(select random() from generate_series(1, 384) where n > 0)::real[]::public.halfvec
  from generate_series(1, 2000) n;`;

beforeAll(async () => {
  appliance = await startAppliance();
  const tenantId = await appliance.makeTenant();
  ctx = appliance.contextOf(null, tenantId);
  const schema = `tenant_${tenantId.replaceAll('-', '')}`;
  await appliance.superuser.query(
    `do $fill$ declare tenant uuid := '${tenantId}'; begin
       set local search_path = ${schema}, pg_catalog; ${FILL} end $fill$`,
  );
  for (const table of ['documents', 'chunks', 'chunk_words', 'lexemes', 'embeddings'])
    await appliance.superuser.query(`vacuum analyze ${schema}.${table}`);
}, 120_000);
afterAll(() => appliance.stop());

/** Runs a query of the room with EXPLAIN before each statement; gives the plans as the role sees them. */
async function plansOf(run: (tx: TenantTx) => Promise<unknown>): Promise<string> {
  const plans: string[] = [];
  await ctx.inTenant(async (tx) => {
    const explaining: TenantTx = {
      ...tx,
      query: async (text, values) => {
        const rows = await tx.query<{ 'QUERY PLAN': string }>(`explain ${text}`, values);
        plans.push(...rows.map((row) => row['QUERY PLAN']));
        return [];
      },
    };
    await run(explaining);
  });
  return plans.join('\n');
}

const ids = [1, 2, 3].map(() => newId());
const vector = `[${Array.from({ length: 384 }, () => 0.5).join(',')}]`;

describe('plans as the tenant role under forced row security', () => {
  const cases: [string, string, (tx: TenantTx) => Promise<unknown>][] = [
    ['listing documents', 'documents_pkey', (tx) => listDocuments(tx, { after: null, limit: 50 })],
    [
      'listing after a document',
      'documents_pkey',
      (tx) => listDocuments(tx, { after: newId(), limit: 50 }),
    ],
    ['what is unfinished', 'documents_unfinished', listUnfinished],
    ['how often lexemes stand', 'lexemes_pkey', (tx) => readFrequencies(tx, ['w1', 'w2'])],
    [
      'candidates by words',
      'chunk_words_lexemes',
      (tx) =>
        findByWords(tx, {
          terms: [{ lexeme: 'w1', weight: 1 }],
          vector,
          modelId: 1,
          limit: 64,
          entries: 8000,
        }),
    ],
    [
      'candidates by vector',
      'embeddings_model_1',
      (tx) => findByVector(tx, { vector, modelId: 1, limit: 32 }),
    ],
    ['what is shown of hits', 'chunks_pkey', (tx) => readHits(tx, ids)],
    ['passages with neighbours', 'chunks_document_id_ordinal_key', (tx) => findPassages(tx, ids)],
    [
      'headings of a document',
      'chunks_document_id_ordinal_key',
      (tx) => listHeadings(tx, { documentId: newId(), opening: 80 }),
    ],
    [
      'passages without a vector',
      'chunks_document_id_ordinal_key',
      (tx) =>
        listUnembedded(tx, {
          documentId: newId(),
          modelName: 'casemate-embed',
          after: -1,
          limit: 8,
        }),
    ],
  ];

  it.each(cases)('%s goes through %s', async (_what, index, run) => {
    const plan = await plansOf(run);
    expect(plan).toContain(index);
    expect(plan).not.toMatch(/Seq Scan on (documents|chunks|chunk_words|lexemes|embeddings)\b/);
  });

  it('names are found through their trigrams', async () => {
    const plan = await plansOf((tx) =>
      tx.query(`select document.id from documents document where document.name ilike $1`, [
        '%1999%',
      ]),
    );
    expect(plan).toContain('documents_name');
  });
});
