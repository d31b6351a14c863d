import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startParts, type Parts } from '../../../installer/src/test-parts/start-parts.ts';
import { startChatDesk, type ChatDesk } from '../../tests/chat-desk.ts';
import { openStream, type OpenStream, type SentEvent } from '../../tests/open-stream.ts';
import { processesWith, searchMemory, type InMemory } from '../../tests/search-memory.ts';
import { eventually, makeSealedTenantOf, type SealedTenant } from '../../tests/sealed-tenant.ts';
import { signInPerson, type SignedIn } from '../../tests/sign-in-person.ts';
import { closeSeal, readSeal } from '../tenancy/index.ts';

/** With the answers of a small model on a machine that is busy. */
const MODEL_MS = 600_000;
const CANARY = 'QX-4471-KESTREL-ZW';

/** The real model server with the models that are shipped: its memory is searched, byte by byte. */
describe('the memory of the model server, when a tenant is sealed', () => {
  let dir: string;
  let parts: Parts;
  let desk: ChatDesk;
  let tenant: SealedTenant<SignedIn>;

  beforeAll(async () => {
    dir = mkdtempSync('/tmp/casemate-');
    parts = await startParts({ dir, with: ['ollama'] });
    desk = await startChatDesk(parts.ollamaUrl);
    tenant = await makeSealedTenantOf(desk.appliance, (id) =>
      signInPerson(desk.appliance, { [id]: 'admin' }),
    );
  }, MODEL_MS);
  afterAll(async () => {
    await desk.stop();
    await parts.stop();
    rmSync(dir, { recursive: true, force: true });
  }, MODEL_MS);

  const modelServer = (): ReturnType<typeof processesWith> => processesWith(join(dir, 'ollama'));
  const holders = (): InMemory[] => searchMemory(modelServer(), CANARY);
  const runners = (): string[] =>
    modelServer()
      .filter(({ program }) => !program.endsWith(' serve'))
      .map(({ pid }) => pid);
  const context = (): ReturnType<typeof desk.appliance.contextOf> =>
    desk.appliance.contextOf(tenant.holder, tenant.id);
  const path = (): string => `/api/tenants/${tenant.id}`;

  const upload = async (text: string): Promise<void> => {
    const { token } = tenant.holder;
    const sent = await desk.server.ask('POST', `${path()}/documents?name=gate.txt`, {
      token,
      raw: Buffer.from(text),
    });
    expect([sent.status, sent.text]).toEqual([202, expect.any(String)]);
    const { id } = sent.json<{ id: string }>();
    await eventually(async () => {
      const found = await desk.server.ask('GET', `${path()}/documents/${id}`, { token });
      return found.json<{ state: string }>().state === 'ready' ? true : undefined;
    });
  };
  const askSealed = async (question: string): Promise<OpenStream> => {
    const { token } = tenant.holder;
    const made = await desk.server.ask('POST', `${path()}/conversations`, { token, json: {} });
    return openStream({
      port: desk.server.port,
      token,
      path: `${path()}/conversations/${made.json<{ id: string }>().id}/messages`,
      json: { content: question },
    });
  };

  const askOther = async (): Promise<SentEvent['data']> => {
    const question = 'What is the emergency access code of the Fjellheim depot?';
    const stream = await desk.ask(await desk.conversation(), question);
    return (await stream.first('done')).data['message'] as SentEvent['data'];
  };

  it(
    'ENC-11: holds the prompts of an open tenant, and none of them once it is sealed; what others ask meanwhile is answered',
    async () => {
      await eventually(async () => {
        const { index } = await readSeal(context(), tenant.id);
        return index === 'whole' ? true : undefined;
      }, 100);
      await upload(
        `The access code of the north gate is ${CANARY}. The porter changes it every spring.`,
      );
      const answer = await askSealed('What is the access code of the north gate?');
      expect((await answer.first('done')).data['message']).toMatchObject({ state: 'complete' });
      const before = runners();
      // The twin: the search finds what is known to be there.
      const found = holders();
      expect(found.map(({ pid }) => pid)).toEqual(
        expect.arrayContaining([expect.stringMatching(new RegExp(`^(${before.join('|')})$`))]),
      );

      let stopped = false;
      const messages = [await askOther()];
      const asking = [0, 1].map(async () => {
        while (!stopped) messages.push(await askOther());
      });
      await closeSeal(context(), tenant.id);
      const sealedAt = performance.now();
      while ((await readSeal(context(), tenant.id)).promptsLeftSince !== null) {
        expect(performance.now() - sealedAt).toBeLessThan(MODEL_MS / 2);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      expect(runners().filter((pid) => before.includes(pid))).toEqual([]);
      const inRunners = holders().filter(({ pid }) => runners().includes(pid));
      expect(inRunners).toEqual([]);
      // Nobody else noticed anything but by waiting.
      stopped = true;
      await Promise.all(asking);
      for (const message of messages) {
        expect(message).toMatchObject({ state: 'complete' });
        expect(message['content']).toContain('RK-7741-QX');
      }
    },
    MODEL_MS,
  );
});
