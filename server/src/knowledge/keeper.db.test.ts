import { existsSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startAppliance, type TestAppliance } from '../../tests/test-appliance.ts';
import { newId, type RequestContext } from '../platform/index.ts';
import type { TenantChanges } from '../tenancy/index.ts';
import { ingestDocument } from './ingest/ingest-document.ts';
import { reembedTenant } from './ingest/reembed-tenant.ts';
import { resumeUnfinished } from './ingest/resume-unfinished.ts';
import { startKnowledgeKeeper } from './keeper.ts';
import { ensureModel, findCurrentModel } from './repo/embeddings.ts';
import { searchKnowledge } from './search-knowledge.ts';
import { startScriptedEmbedder, type ScriptedEmbedder } from './testing/scripted-embedder.ts';
import { jobOf, readLines, takeIn, uploadText } from './testing/take-in.ts';
import { sweepUploads } from './uploads/sweep-uploads.ts';
import { uploadPath } from './uploads/upload-path.ts';

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

const fileOf = (documentId: string, tenantId = ctx.tenantId ?? ''): string =>
  uploadPath(appliance.config.CASEMATE_DATA_DIR, tenantId, documentId);

/** A file that was written before the last interruption. */
function leave(file: string): string {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, 'left over');
  utimesSync(file, new Date(0), new Date(0));
  return file;
}

describe('sweepUploads', () => {
  it('INP-05: removes what belongs to no document, to a finished one, or to no tenant', async () => {
    const done = await takeIn(ctx, ['finished long ago']);
    const files = [fileOf(newId()), fileOf(done), fileOf(newId(), newId())].map(leave);
    expect(await sweepUploads(appliance.parts)).toBe(3);
    expect(files.filter((file) => existsSync(file))).toEqual([]);
    // The folder of the tenant that is none; a tenant's own stays.
    expect(files.map((file) => existsSync(path.dirname(file)))).toEqual([true, true, false]);
  });

  it('keeps what waits for its reader, and what is still coming in', async () => {
    const waiting = fileOf(await uploadText(ctx, 'waiting'));
    const coming = fileOf(newId());
    writeFileSync(coming, 'half');
    expect(await sweepUploads(appliance.parts)).toBe(0);
    expect([existsSync(waiting), existsSync(coming)]).toEqual([true, true]);
  });
});

describe('resumeUnfinished', () => {
  it('queues a document that lost its job, and only that', async () => {
    const id = await uploadText(ctx, 'orphan');
    expect(await resumeUnfinished(appliance.parts, ctx.tenantId ?? '')).toBe(0);
    await appliance.superuser.query(
      `update control.jobs set state = 'failed' where subject_id = $1`,
      [id],
    );
    expect(await resumeUnfinished(appliance.parts, ctx.tenantId ?? '')).toBe(1);
    await ingestDocument(ctx, jobOf(ctx, id), readLines(['orphan']));
  });
});

describe('the keeper of the knowledge', () => {
  const lose = async (text: string): Promise<string> => {
    const id = await uploadText(ctx, text);
    await appliance.superuser.query(
      `update control.jobs set state = 'failed' where subject_id = $1`,
      [id],
    );
    return id;
  };
  const untilQueued = async (id: string): Promise<boolean> => {
    for (let tries = 0; tries < 60; tries += 1) {
      const { rowCount } = await appliance.superuser.query(
        `select from control.jobs where subject_id = $1 and state = 'queued'`,
        [id],
      );
      if (rowCount === 1) return true;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return false;
  };

  it('resumes what waits at start, and of a tenant as soon as it opens', async () => {
    let tell: Parameters<TenantChanges['onTenantChange']>[0] = () => undefined;
    const before = await lose('left over');
    const keeper = startKnowledgeKeeper({
      ...appliance.parts,
      tenantChanges: { onTenantChange: (changed) => (tell = changed) },
    });
    const resumed = await untilQueued(before);
    const meanwhile = await lose('while it was closed');
    const change = { tenantId: ctx.tenantId ?? '', epoch: 1, changedAt: new Date() };
    tell({ ...change, state: 'suspended' });
    tell({ ...change, tenantId: newId(), state: 'active' });
    tell({ ...change, state: 'active' });
    const opened = await untilQueued(meanwhile);
    await keeper.stop();
    expect([resumed, opened]).toEqual([true, true]);
    for (const id of [before, meanwhile]) await ingestDocument(ctx, jobOf(ctx, id), readLines([]));
  });

  it('INP-05: removes the originals of a tenant with the tenant, and no others', async () => {
    let tell: Parameters<TenantChanges['onTenantChange']>[0] = () => undefined;
    const keeper = startKnowledgeKeeper({
      ...appliance.parts,
      tenantChanges: { onTenantChange: (changed) => (tell = changed) },
    });
    const own = fileOf(await uploadText(ctx, 'of a tenant that stays'));
    const gone = newId();
    const file = fileOf(newId(), gone);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, 'came in a moment ago');
    const change = { epoch: 1, changedAt: new Date() };
    tell({ ...change, tenantId: ctx.tenantId ?? '', state: 'suspended' });
    tell({ ...change, tenantId: gone, state: 'dropped' });
    await keeper.stop();
    expect([existsSync(own), existsSync(path.dirname(file))]).toEqual([true, false]);
  });
});

describe('a model of other dimensions', () => {
  it('is never compared with vectors of another length, nor put into their graph', async () => {
    await takeIn(ctx, ['a vector of the usual length'], 'usual.txt');
    embedder.dimensions = 8;
    expect(await searchKnowledge(ctx, { query: 'usual length', limit: 1 })).toHaveLength(1);
    const model = { name: 'tiny', dimensions: 8 };
    expect(await ctx.inTenant((tx) => ensureModel(tx, model))).toMatchObject({ id: 2 });
    const other = { name: 'tiny', dimensions: 16 };
    await expect(ctx.inTenant((tx) => ensureModel(tx, other))).rejects.toThrow('another name');
    embedder.dimensions = 384;
  });

  it('leaves number 1 free when it is the first', async () => {
    const fresh = appliance.contextOf(null, await appliance.makeTenant());
    embedder.dimensions = 8;
    const id = await takeIn(fresh, ['a short vector']);
    expect(await fresh.readTenant(findCurrentModel)).toMatchObject({ id: 2, dimensions: 8 });
    const [hit] = await searchKnowledge(fresh, { query: 'short vector', limit: 1 });
    expect(hit?.documentId).toBe(id);
    embedder.dimensions = 384;
  });
});

describe('reembedTenant', () => {
  it('gives all passages vectors of the new model before searches use it', async () => {
    await takeIn(ctx, ['an old vector', 'another old vector'], 'old.txt');
    const config = { ...appliance.config, CASEMATE_EMBED_MODEL: 'another-model' };
    const changed = { ...ctx, platform: { ...ctx.platform, config } };
    embedder.mood = 'broken';
    await expect(reembedTenant(changed, jobOf(ctx, ctx.tenantId ?? ''))).rejects.toThrow();
    expect(await ctx.readTenant(findCurrentModel)).toMatchObject({ id: 1 });
    embedder.mood = 'well';
    await reembedTenant(changed, jobOf(ctx, ctx.tenantId ?? ''));
    expect(await ctx.readTenant(findCurrentModel)).toMatchObject({ name: 'another-model' });
    const [hit] = await searchKnowledge(changed, { query: 'old vector', limit: 1 });
    expect(hit?.text).toContain('old vector');
    const [left] = await ctx.readTenant((tx) =>
      tx.query(`select count(*)::int as old from embeddings where model_id = 1`),
    );
    expect(left).toEqual({ old: 0 });
  });
});
