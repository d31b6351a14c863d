import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startKeyDesk, type KeyDesk } from '../../../tests/key-desk.ts';
import { eventually, makeSealedTenant, type SealedTenant } from '../../../tests/sealed-tenant.ts';
import { ingestDocument } from '../ingest/ingest-document.ts';
import { readInChild } from '../ingest/read-in-child.ts';
import { jobOf, takeIn, uploadText } from '../testing/take-in.ts';
import { startScriptedEmbedder, type ScriptedEmbedder } from '../testing/scripted-embedder.ts';
import { getDocument } from '../get-document.ts';
import { closeSeal, openSeal } from '../../tenancy/index.ts';

describe('rotating the keys of a tenant that holds its own seal', () => {
  let embedder: ScriptedEmbedder;
  let desk: KeyDesk;
  let tenant: SealedTenant;
  let documentId: string;
  let stopListening: () => Promise<void>;

  beforeAll(async () => {
    embedder = await startScriptedEmbedder();
    desk = await startKeyDesk({ CASEMATE_OLLAMA_URL: embedder.url });
    stopListening = await desk.appliance.parts.tenantChanges.start();
    tenant = await makeSealedTenant(desk.appliance);
    const ctx = desk.appliance.contextOf(tenant.holder, tenant.id);
    documentId = await takeIn(ctx, ['The archive key is kept at the porter.'], 'porter.txt');
  });
  afterAll(async () => {
    await stopListening();
    await desk.stop();
    await embedder.stop();
  });

  /** The versions of the data key that the fields of a column stand under. */
  const versions = async (column: string, table: string): Promise<string[]> => {
    const space = `tenant_${tenant.id.replaceAll('-', '')}`;
    const { rows } = await desk.appliance.superuser.query<{ version: string }>(
      `select distinct split_part(${column}, '.', 2) as version from ${space}.${table} where ${column} is not null`,
    );
    return rows.map(({ version }) => version);
  };
  const nameOf = async (): Promise<string> =>
    (await getDocument(desk.appliance.contextOf(tenant.holder, tenant.id), documentId)).row.name;

  it('ENC-11: a new data key re-encrypts names, passages, headings and kept vectors', async () => {
    expect(await versions('name', 'documents')).toEqual(['1']);
    await expect(desk.rotate(tenant.id, 'data')).resolves.toMatchObject({ state: 'done' });
    expect(await versions('name', 'documents')).toEqual(['2']);
    expect(await versions('text', 'chunks')).toEqual(['2']);
    expect(await versions('sealed_headings', 'chunks')).toEqual(['2']);
    expect(await versions('vector', 'chunk_vectors')).toEqual(['2']);
    expect(await nameOf()).toBe('porter.txt');
  });

  it('ENC-03 ENC-04: while it is open its keys are in the inventory, and the live checks look into it', async () => {
    const detail = await desk.inventory(tenant.id);
    expect(detail.keys?.map(({ state }) => state)).toEqual(['retired', 'current']);
    expect(detail.wrapping).toMatchObject({ latest: 1 });
    expect(detail.columns?.find(({ column }) => column.column === 'name')?.rows).toEqual([
      { version: 2, rows: 1 },
    ]);
    for (const control of ['ENC-03', 'ENC-04'])
      expect([control, await desk.check(control)]).toEqual([
        control,
        { status: 'pass', evidence: expect.stringMatching(/2 owner\(s\) of keys\.$/) },
      ]);
  });

  it('ENC-11: an upload that waits while the data key retires is read afterwards', async () => {
    const ctx = desk.appliance.contextOf(tenant.holder, tenant.id);
    const text = 'The boat house is opened with the brass key.';
    const id = await uploadText(ctx, text, 'boats.txt');
    expect(await versions('upload_key', 'documents')).toEqual(['2']);
    await expect(desk.rotate(tenant.id, 'data')).resolves.toMatchObject({ state: 'done' });
    expect(await versions('upload_key', 'documents')).toEqual(['3']);
    const { state } = (await desk.keysOf(tenant.id))[1] ?? {};
    expect(state).toBe('retired');
    await ingestDocument(ctx, jobOf(ctx, id), readInChild(null));
    const { row, outline } = await getDocument(ctx, id);
    expect([row.name, row.state]).toEqual(['boats.txt', 'ready']);
    expect(outline[0]?.title).toContain('The boat house');
    expect(await versions('upload_key', 'documents')).toEqual([]);
  });

  it('ENC-11: a rotation waits while the tenant is sealed, and ends once it is open', async () => {
    const ctx = desk.appliance.contextOf(tenant.holder, tenant.id);
    await closeSeal(ctx, tenant.id);
    const id = await desk.ask(tenant.id, 'wrapping');
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    expect((await desk.find(id))?.state).not.toMatch(/done|failed/);
    await openSeal(ctx, { tenantId: tenant.id, shares: tenant.shares.slice(0, 2) });
    await eventually(async () => ((await desk.find(id))?.state === 'done' ? true : undefined));
    expect(await eventually(() => nameOf().catch(() => undefined))).toBe('porter.txt');
  });
});
