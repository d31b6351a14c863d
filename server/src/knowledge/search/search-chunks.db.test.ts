import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { startAppliance, type TestAppliance } from '../../../tests/test-appliance.ts';
import type { RequestContext } from '../../platform/index.ts';
import { deleteDocument } from '../delete-document.ts';
import { searchKnowledge } from '../search-knowledge.ts';
import { startScriptedEmbedder, type ScriptedEmbedder } from '../testing/scripted-embedder.ts';
import { takeIn } from '../testing/take-in.ts';
import { searchChunks } from './search-chunks.ts';

let appliance: TestAppliance;
let embedder: ScriptedEmbedder;
let mine: RequestContext;
let other: RequestContext;

beforeAll(async () => {
  embedder = await startScriptedEmbedder();
  appliance = await startAppliance({ CASEMATE_OLLAMA_URL: embedder.url });
  mine = appliance.contextOf(null, await appliance.makeTenant('mine'));
  other = appliance.contextOf(null, await appliance.makeTenant('other'));
  await takeIn(mine, ['the canary sings in seven keys', 'the parrot is silent']);
  await takeIn(other, ['nothing of interest stands here']);
}, 60_000);
afterAll(async () => {
  await appliance.stop();
  await embedder.stop();
});

const texts = async (ctx: RequestContext, query: string): Promise<string[]> =>
  (await searchKnowledge(ctx, { query, limit: 5 })).map(({ text }) => text);

describe('searching', () => {
  it('ISO-01, ISO-09: finds nothing of another tenant, while its own tenant finds it', async () => {
    expect((await texts(other, 'canary sings seven keys')).join()).not.toContain('canary');
    expect((await texts(mine, 'canary sings seven keys'))[0]).toContain('canary');
  });

  it('ISO-03: row security alone refuses the other tenant’s proof in the right schema', async () => {
    const schema = `"tenant_${(mine.tenantId ?? '').replaceAll('-', '')}"`;
    const count = 'select count(*)::int as n from documents';
    const read = (ctx: RequestContext) =>
      ctx.inTenant(async (tx) => {
        const proof = await tx.query<{ proof: string }>(
          `select current_setting('casemate.proof') as proof`,
        );
        const client = await appliance.superuser.connect();
        try {
          await client.query(
            `begin; set local role ${schema}; set local search_path = ${schema};
             set local casemate.proof = '${proof[0]?.proof ?? ''}'`,
          );
          return ((await client.query(count)).rows[0] as { n: number }).n;
        } finally {
          await client.query('rollback');
          client.release();
        }
      });
    expect(await read(other)).toBe(0);
    expect(await read(mine)).toBeGreaterThan(0);
  });

  it('INP-01: no question whatever breaks the search', async () => {
    const nasty = ["'", "a' | 'b", '\\', ':*', '!!', '<->', '\u0000', "'; drop table chunks; --"];
    for (const query of nasty) await expect(texts(mine, query)).resolves.toBeDefined();
    const search = (query: string) =>
      mine.inTenant((tx) =>
        searchChunks(tx, { query, queryEmbedding: null, modelId: 1, limit: 5 }),
      );
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 80 }), async (query) => {
        await expect(search(query)).resolves.toBeDefined();
      }),
      { numRuns: 50 },
    );
  }, 60_000);

  it('KB-01: goes by words alone while the model is away', async () => {
    embedder.mood = 'no_model';
    expect((await texts(mine, 'Where is the parrot?'))[0]).toContain('parrot');
    embedder.mood = 'well';
  });

  it('KB-01: finds by meaning what shares no rare word', async () => {
    const [first] = await mine.inTenant(async (tx) => {
      const [vector] = await mine.platform.models.embed('casemate-embed', ['parrot silent']);
      return searchChunks(tx, { query: 'zzz', queryEmbedding: vector!, modelId: 1, limit: 1 });
    });
    expect(first?.text).toContain('parrot');
  });

  it('forgets a deleted document, its words and its numbers', async () => {
    const id = await takeIn(mine, ['an ephemeral axolotl'], 'short.txt');
    expect(await texts(mine, 'axolotl')).toContain('an ephemeral axolotl');
    await deleteDocument(mine, id);
    expect(await texts(mine, 'axolotl')).not.toContain('an ephemeral axolotl');
    const [left] = await mine.readTenant((tx) =>
      tx.query(
        `select (select count(*)::int from lexemes where lexeme = 'axolotl' and chunks > 0) as lexemes,
           (select used.chunks - count(*)::int from chunks group by used.chunks) as off
         from knowledge_usage used`,
      ),
    );
    expect(left).toEqual({ lexemes: 0, off: 0 });
  });
});
