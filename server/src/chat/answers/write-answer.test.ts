import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startScriptedModel, type ScriptedModel } from '../../../tests/scripted-model.ts';
import { createModelServer, type RequestContext } from '../../platform/index.ts';
import { buildPrompt } from '../prompt/build-prompt.ts';
import { writeAnswer } from './write-answer.ts';

describe('writeAnswer', () => {
  let model: ScriptedModel;
  beforeAll(async () => {
    model = await startScriptedModel();
  });
  afterAll(() => model.stop());

  const write = async (patience: { firstTokenMs: number; stallMs: number }): Promise<string> => {
    let text = '';
    const platform = {
      models: createModelServer(model.url),
      config: { CASEMATE_CHAT_MODEL: 'casemate-chat' },
    };
    await writeAnswer({
      ctx: { platform } as RequestContext,
      prompt: buildPrompt({ question: 'a', hits: [], history: [], mark: 'm' }),
      patience,
      signal: new AbortController().signal,
      delta: (piece) => (text += piece),
    });
    return text;
  };

  it('gives up on a model that does not begin, and lets go of it', async () => {
    model.answer([{ wait: 2_000 }, 'late']);
    const gone = model.abandoned;
    await expect(write({ firstTokenMs: 400, stallMs: 5_000 })).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('did not begin'),
    });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(model.abandoned).toBe(gone + 1);
  });

  it('gives up on a model that stalls in mid-answer', async () => {
    model.answer(['one', { wait: 2_000 }, 'two']);
    await expect(write({ firstTokenMs: 5_000, stallMs: 50 })).rejects.toMatchObject({
      message: expect.stringContaining('mid-answer'),
    });
  });

  it('waits for a slow model within its patience', async () => {
    model.answer([{ wait: 50 }, 'one ', { wait: 50 }, 'two']);
    expect(await write({ firstTokenMs: 5_000, stallMs: 5_000 })).toBe('one two');
  });
});
