import { existsSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startAppliance, type TestAppliance } from '../../../tests/test-appliance.ts';
import type { RequestContext } from '../../platform/index.ts';
import { deleteDocument } from '../delete-document.ts';
import { ParseError } from '../parse/index.ts';
import { findDocument } from '../repo/documents.ts';
import { readUsage } from '../repo/usage.ts';
import { retryDocument } from '../retry-document.ts';
import { searchKnowledge } from '../search-knowledge.ts';
import { startScriptedEmbedder, type ScriptedEmbedder } from '../testing/scripted-embedder.ts';
import { jobOf, readLines, takeIn, uploadText } from '../testing/take-in.ts';
import { uploadPath } from '../uploads/upload-path.ts';
import { ingestDocument } from './ingest-document.ts';

let appliance: TestAppliance;
let embedder: ScriptedEmbedder;
let ctx: RequestContext;

beforeAll(async () => {
  embedder = await startScriptedEmbedder();
  appliance = await startAppliance({ CASEMATE_OLLAMA_URL: embedder.url });
  ctx = appliance.contextOf(null, await appliance.makeTenant());
}, 60_000);
afterAll(async () => {
  await appliance.stop();
  await embedder.stop();
});
beforeEach(() => {
  embedder.mood = 'well';
  embedder.before = () => undefined;
});

const original = (id: string): string =>
  uploadPath(appliance.config.CASEMATE_DATA_DIR, ctx.tenantId ?? '', id);
const stateOf = (id: string) => ctx.readTenant((tx) => findDocument(tx, id));
const count = async (id: string): Promise<{ chunks: number; vectors: number }> => {
  const [row] = await ctx.readTenant((tx) =>
    tx.query<{ chunks: number; vectors: number }>(
      `select count(*)::int as chunks, count(made.chunk_id)::int as vectors
       from chunks chunk left join embeddings made on made.chunk_id = chunk.id
       where chunk.document_id = $1`,
      [id],
    ),
  );
  return row!;
};

describe('ingestDocument', () => {
  it('INP-05: deletes the original of an unusable document, and says what is wrong', async () => {
    const before = await ctx.readTenant(readUsage);
    const id = await uploadText(ctx, 'broken one');
    await ingestDocument(ctx, jobOf(ctx, id), () => Promise.reject(new ParseError('encrypted')));
    expect(await stateOf(id)).toMatchObject({ state: 'failed', errorCode: 'encrypted' });
    expect(existsSync(original(id))).toBe(false);
    expect((await ctx.readTenant(readUsage)).bytes).toBe(before.bytes);
    await expect(retryDocument(ctx, id)).rejects.toMatchObject({ code: 'not_allowed_now' });
  });

  it('refuses a document in which there is nothing', async () => {
    const id = await uploadText(ctx, 'empty one');
    await ingestDocument(ctx, jobOf(ctx, id), readLines([]));
    expect(await stateOf(id)).toMatchObject({ state: 'failed', errorCode: 'empty' });
  });

  it('tries again what is our own fault, and gives up in words after the last attempt', async () => {
    const id = await uploadText(ctx, 'unlucky one');
    const crash = () => Promise.reject(new Error('crash'));
    await expect(ingestDocument(ctx, jobOf(ctx, id), crash)).rejects.toThrow('crash');
    expect(existsSync(original(id))).toBe(true);
    await ingestDocument(ctx, jobOf(ctx, id, 5), crash);
    expect(await stateOf(id)).toMatchObject({ state: 'failed', errorCode: 'internal' });
    expect(existsSync(original(id))).toBe(false);
  });

  it('waits with a note while the model server is away, is found by words, and goes on', async () => {
    embedder.mood = 'no_model';
    const id = await uploadText(ctx, 'the lighthouse keeper');
    const read = readLines(['the lighthouse keeper sleeps']);
    await expect(ingestDocument(ctx, jobOf(ctx, id), read)).rejects.toMatchObject({
      code: 'unavailable',
    });
    expect(await stateOf(id)).toMatchObject({ state: 'queued', errorCode: 'waiting_for_model' });
    expect(existsSync(original(id))).toBe(false);
    const [hit] = await searchKnowledge(ctx, { query: 'lighthouse', limit: 1 });
    expect(hit?.documentId).toBe(id);
    embedder.mood = 'well';
    await ingestDocument(ctx, jobOf(ctx, id), () => Promise.reject(new Error('read twice')));
    expect(await stateOf(id)).toMatchObject({ state: 'ready', done: 1, total: 1, errorCode: null });
  });

  it('goes on where it stopped and embeds nothing twice', async () => {
    const lines = Array.from({ length: 20 }, (_, at) => `passage number ${at}`);
    const id = await uploadText(ctx, lines.join('\n'));
    let batches = 0;
    embedder.before = () => {
      batches += 1;
      if (batches === 2) embedder.mood = 'broken';
    };
    const job = jobOf(ctx, id);
    await expect(ingestDocument(ctx, job, readLines(lines))).rejects.toMatchObject({
      code: 'model_failed',
    });
    expect(await stateOf(id)).toMatchObject({ state: 'embedding', done: 8, total: 20 });
    embedder.mood = 'well';
    embedder.asked.length = 0;
    await ingestDocument(ctx, job, readLines(lines));
    expect(embedder.asked.flat()).toHaveLength(12);
    expect(await count(id)).toEqual({ chunks: 20, vectors: 20 });
    expect(await stateOf(id)).toMatchObject({ state: 'ready', done: 20 });
  });

  it('lets a document be deleted in the middle, and leaves nothing of it', async () => {
    const lines = Array.from({ length: 20 }, (_, at) => `vanishing number ${at}`);
    const id = await uploadText(ctx, lines.join('\n'));
    const before = await ctx.readTenant(readUsage);
    embedder.before = () => deleteDocument(ctx, id).catch(() => undefined);
    await ingestDocument(ctx, jobOf(ctx, id), readLines(lines));
    expect(await stateOf(id)).toBeUndefined();
    expect(await count(id)).toEqual({ chunks: 0, vectors: 0 });
    expect((await ctx.readTenant(readUsage)).documents).toBe(before.documents - 1);
  });

  it('INP-05, KB-01: keeps text alone of a document that is ready', async () => {
    const id = await takeIn(ctx, ['the harbour opens at dawn']);
    expect(await stateOf(id)).toMatchObject({ state: 'ready', done: 1, total: 1 });
    expect(existsSync(original(id))).toBe(false);
    const [event] = await appliance.superuser
      .query(
        `select action from "tenant_${(ctx.tenantId ?? '').replaceAll('-', '')}".audit_events
              where resource_id = '${id}' order by id desc`,
      )
      .then(({ rows }) => rows as { action: string }[]);
    expect(event?.action).toBe('document.ready');
  });
});
