import type { RequestContext, TenantTexts, TenantTx } from '../../platform/index.ts';
import { markIndexed } from '../../tenancy/index.ts';
import { wordsOf } from '../ingest/store-passages.ts';
import { openPassage } from '../open-texts.ts';
import { insertEmbeddings } from '../repo/embeddings.ts';
import { countLexemes, insertWords, lockCounts } from '../repo/passages.ts';
import { listUnindexed, noteIndexed, type Unindexed } from '../repo/search-index.ts';
import { listUnindexedVectors } from '../repo/sealed-vectors.ts';
import { openVector } from './sealed-vectors.ts';

export const REBUILD_JOB = 'knowledge.rebuild_index';

const BATCH = 200;
const FIRST = '00000000-0000-0000-0000-000000000000';

/**
 * The job of a tenant that was just opened, or whose index a crash of the database emptied: decrypts
 * every passage that the index lacks, counts its words in and puts its kept vector back. Each batch is
 * a transaction, so that it goes on where it stopped; passages that lack a vector get one as ever.
 */
export async function rebuildIndex(ctx: RequestContext): Promise<void> {
  const texts = await ctx.openTexts();
  if (texts.tier === 'standard') return;
  for (let after = FIRST; ;) {
    ctx.signal.throwIfAborted();
    const last = await ctx.inTenant((tx) => indexWords(tx, texts, after));
    if (last === undefined) break;
    after = last;
  }
  for (let after = FIRST; ;) {
    ctx.signal.throwIfAborted();
    const last = await ctx.inTenant((tx) => indexVectors(tx, texts, after));
    if (last === undefined) break;
    after = last;
  }
  await ctx.inTenant(noteIndexed);
  const { tenantId } = ctx;
  if (tenantId !== null) await ctx.inControl((tx) => markIndexed(tx, { tenantId, whole: true }));
}

/** Gives the last passage of the batch; undefined when none was left. */
async function indexWords(
  tx: TenantTx,
  texts: TenantTexts,
  after: string,
): Promise<string | undefined> {
  // First, because a document that comes in meanwhile counts its own passages.
  await lockCounts(tx);
  const rows = await listUnindexed(tx, { after, limit: BATCH });
  if (rows.length === 0) return undefined;
  const passages = rows.map((row) => ({ id: row.chunkId, ...indexed(texts, row) }));
  const counts = new Map<string, number>();
  for (const { lexemes } of passages)
    for (const lexeme of lexemes) counts.set(lexeme, (counts.get(lexeme) ?? 0) + 1);
  await insertWords(tx, passages);
  await countLexemes(tx, counts);
  return rows.at(-1)?.chunkId;
}

function indexed(texts: TenantTexts, row: Unindexed): ReturnType<typeof wordsOf> {
  const { documentName, headings, text } = openPassage(texts, row);
  return wordsOf(documentName, { headings, text });
}

async function indexVectors(
  tx: TenantTx,
  texts: TenantTexts,
  after: string,
): Promise<string | undefined> {
  const kept = await listUnindexedVectors(tx, { after, limit: BATCH });
  for (const modelId of new Set(kept.map((vector) => vector.modelId))) {
    const own = kept.filter((vector) => vector.modelId === modelId);
    const chunkIds = own.map(({ chunkId }) => chunkId);
    await insertEmbeddings(tx, modelId, {
      chunkIds,
      vectors: own.map((vector) => openVector(texts, vector)),
    });
  }
  return kept.at(-1)?.chunkId;
}
