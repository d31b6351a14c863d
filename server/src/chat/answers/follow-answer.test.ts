import { describe, expect, it } from '@jest/globals';
import { newId, type RequestContext } from '../../platform/index.ts';
import type { AnswerEvent } from '../answer.ts';
import type { ChatParts } from '../chat-parts.ts';
import { createAnswerStream } from './answer-stream.ts';
import { followAnswer } from './follow-answer.ts';
import { createFollowers } from './followers.ts';
import { answerName, type RunningAnswer } from './running-answers.ts';

const SECRET = 'what was said to B';

/** The layer of names: the check of the row is switched off, since nothing here asks for it first. */
describe('an answer that this process writes', () => {
  const [a, b, messageId] = [newId(), newId(), newId()];
  const contextOf = (tenantId: string): RequestContext =>
    ({
      tenantId,
      signal: new AbortController().signal,
      // In A's schema there is no such row.
      readTenant: () => Promise.resolve(undefined),
    }) as unknown as RequestContext;

  /** B's answer, already ended, so that following it ends, too. */
  const write = (under: string): ChatParts => {
    const stream = createAnswerStream(() => undefined);
    stream.push('delta', { text: SECRET });
    stream.close();
    const running = new Map([[answerName({ tenantId: under }, messageId), { stream }]]);
    return {
      running: running as unknown as Map<string, RunningAnswer>,
      followers: createFollowers(),
    } as unknown as ChatParts;
  };
  const follow = async (chat: ChatParts, tenantId: string): Promise<string> => {
    const heard: AnswerEvent[] = [];
    await followAnswer(chat, contextOf(tenantId), {
      at: { conversationId: newId(), messageId },
      after: 0,
      stream: { send: (event: AnswerEvent) => void heard.push(event) } as never,
      gone: new AbortController().signal,
    });
    return JSON.stringify(heard);
  };

  it('ISO-12: names alone keep the stream of B from A, which has its id', async () => {
    await expect(follow(write(b), a)).rejects.toThrow('No such answer');
    expect(await follow(write(b), b)).toContain(SECRET);
    // Under one name for all, the id alone would open it.
    expect(await follow(write(a), a)).toContain(SECRET);
  });

  it("ISO-12: names alone keep A's news from waking who follows B", async () => {
    const followers = createFollowers();
    const wait = async (wakes: string): Promise<boolean> => {
      const since = performance.now();
      const news = followers.news(answerName({ tenantId: b }, messageId), 300, contextOf(b).signal);
      followers.wake(answerName({ tenantId: wakes }, messageId));
      await news;
      return performance.now() - since < 200;
    };
    expect(await wait(a)).toBe(false);
    expect(await wait(b)).toBe(true);
  });
});
