import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { makeSealedTenant, type SealedTenant } from '../../../tests/sealed-tenant.ts';
import { startAppliance, type TestAppliance } from '../../../tests/test-appliance.ts';
import type { RequestContext } from '../../platform/index.ts';
import { getDocument } from '../get-document.ts';
import { ingestDocument } from '../ingest/ingest-document.ts';
import { readInChild } from '../ingest/read-in-child.ts';
import { listKnowledge } from '../list-knowledge.ts';
import { jobOf, takeIn, uploadText } from '../testing/take-in.ts';
import { startScriptedEmbedder, type ScriptedEmbedder } from '../testing/scripted-embedder.ts';
import { uploadPath } from '../uploads/upload-path.ts';

describe('the documents of a tenant that holds its own seal', () => {
  let embedder: ScriptedEmbedder;
  let appliance: TestAppliance;
  let tenant: SealedTenant;
  let ctx: RequestContext;

  beforeAll(async () => {
    embedder = await startScriptedEmbedder();
    appliance = await startAppliance({ CASEMATE_OLLAMA_URL: embedder.url });
    tenant = await makeSealedTenant(appliance);
    ctx = appliance.contextOf(tenant.holder, tenant.id);
  });
  afterAll(async () => {
    await appliance.stop();
    await embedder.stop();
  });
  const fileOf = (documentId: string): string =>
    uploadPath(appliance.config.CASEMATE_DATA_DIR, tenant.id, documentId);
  const stored = async <R extends object>(text: string): Promise<R[]> =>
    (await appliance.superuser.query<R & Record<string, unknown>>(text)).rows;
  const space = (): string => `tenant_${tenant.id.replaceAll('-', '')}`;

  it('ENC-11: an upload waits encrypted, and one changed bit of it is noticed', async () => {
    const text = 'The archive key is kept at the porter.\n';
    const id = await uploadText(ctx, text, 'porter.txt');
    const waiting = readFileSync(fileOf(id));
    expect(waiting.includes('archive')).toBe(false);
    const broken = Buffer.from(waiting);
    broken[broken.length - 20] = (broken[broken.length - 20] ?? 0) ^ 1;
    writeFileSync(fileOf(id), broken);
    const read = (): Promise<void> => ingestDocument(ctx, jobOf(ctx, id), readInChild(null));
    await expect(read()).rejects.toThrow();
    writeFileSync(fileOf(id), waiting);
    await read();
    const { row, outline } = await getDocument(ctx, id);
    expect([row.name, row.state]).toEqual(['porter.txt', 'ready']);
    expect(outline[0]?.title).toContain('The archive key');
  });

  it('ENC-11: the same file is known again, by a hash that nobody else can make', async () => {
    const text = 'The same words twice.\n';
    const id = await uploadText(ctx, text, 'first.txt');
    const again = uploadText(ctx, text, 'second.txt');
    await expect(again).rejects.toMatchObject({ code: 'already_exists', message: /first\.txt/ });
    const [row] = await stored<{ sha256: Buffer; name: string }>(
      `select sha256, name from ${space()}.documents where id = '${id}'`,
    );
    expect(row?.sha256.equals(createHash('sha256').update(text).digest())).toBe(false);
    expect(row?.name).toMatch(/^cm1\./);
  });

  it('ENC-11: the database takes no readable name or passage, whoever writes it', async () => {
    const id = await takeIn(ctx, ['One passage of many.'], 'third.txt');
    for (const change of [
      `update ${space()}.documents set name = 'readable' where id = '${id}'`,
      `update ${space()}.chunks set text = 'readable' where document_id = '${id}'`,
      `update ${space()}.chunks set headings = array['readable'] where document_id = '${id}'`,
    ])
      await expect(appliance.superuser.query(change)).rejects.toThrow(/check constraint/);
    const { items } = await listKnowledge(ctx, {
      limit: 10,
      names: () => Promise.resolve(new Map()),
    });
    expect(items.map(({ name }) => name)).toContain('third.txt');
  });
});
