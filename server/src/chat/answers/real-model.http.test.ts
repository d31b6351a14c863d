import { mkdtempSync, rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startParts, type Parts } from '../../../../installer/src/test-parts/start-parts.ts';
import { startChatDesk, type ChatDesk } from '../../../tests/chat-desk.ts';
import type { SentEvent } from '../../../tests/open-stream.ts';

const MODEL_MS = 180_000;

/** The smallest models that are shipped, on the real model server: whatever they say, the end is honest. */
describe('an answer by the real model', () => {
  let dir: string;
  let parts: Parts;
  let desk: ChatDesk;

  beforeAll(async () => {
    dir = mkdtempSync('/tmp/casemate-');
    parts = await startParts({ dir, with: ['ollama'] });
    desk = await startChatDesk(parts.ollamaUrl);
  }, MODEL_MS);
  afterAll(async () => {
    await desk.stop();
    await parts.stop();
    rmSync(dir, { recursive: true, force: true });
  }, MODEL_MS);

  const ask = async (question: string): Promise<SentEvent['data']> => {
    const stream = await desk.ask(await desk.conversation(), question);
    return (await stream.first('done')).data['message'] as SentEvent['data'];
  };

  it(
    'KB-03: a control question is not in the documents',
    async () => {
      expect(await ask('In which year was the mayor of Paris born?')).toMatchObject({
        verdict: 'not_in_documents',
        citations: [],
      });
    },
    MODEL_MS,
  );

  it(
    'KB-01: a question about the document is answered with its code, and cites it',
    async () => {
      const message = await ask('What is the emergency access code of the Fjellheim depot?');
      expect(message['content']).toContain('RK-7741-QX');
      expect(message['content']).not.toMatch(/RK-(?!7741-QX)/);
      expect(message['citations']).toHaveLength(1);
    },
    MODEL_MS,
  );
});
