import { describe, expect, it } from '@jest/globals';
import type { Conversation } from '../../lib/api/types.ts';
import { applyAnswerEvent } from './apply-answer-event.ts';
import { newConversation } from './new-conversation.ts';
import { newMessage } from './new-message.ts';

const conversation: Conversation = {
  ...newConversation('c-1'),
  messages: [
    newMessage({ id: 'm-1', role: 'user', content: 'How long?' }),
    newMessage({ id: 'm-2', role: 'assistant', state: 'streaming' }),
  ],
};
const answer = (of: Conversation) => of.messages[1];

describe('an event of an answer', () => {
  it('changes nothing when the answer is not in the conversation', () => {
    const after = applyAnswerEvent(conversation, 'm-9', { kind: 'delta', text: 'x' });
    expect(after.messages).toEqual(conversation.messages);
  });

  it('keeps the text that came before the model died', () => {
    const half = applyAnswerEvent(conversation, 'm-2', { kind: 'delta', text: 'Thirty' });
    const failed = applyAnswerEvent(half, 'm-2', {
      kind: 'error',
      code: 'model_lost',
      detail: 'Retry.',
    });
    expect(answer(failed)).toMatchObject({
      content: 'Thirty',
      state: 'failed',
      error: { code: 'model_lost' },
    });
  });

  it('replaces the text, and drops the marks that belonged to the old one', () => {
    const checked = applyAnswerEvent(conversation, 'm-2', {
      kind: 'checked',
      verdict: 'partly_supported',
      sentences: [{ start: 0, end: 6, supported: false, citations: [] }],
      citations: [],
    });
    const replaced = applyAnswerEvent(checked, 'm-2', {
      kind: 'replaced',
      content: 'The documents say: …',
      verdict: 'quoted',
      citations: [],
    });
    expect(answer(replaced)).toMatchObject({
      content: 'The documents say: …',
      sentences: null,
      verdict: 'quoted',
    });
  });

  it('names the conversation', () => {
    expect(applyAnswerEvent(conversation, 'm-2', { kind: 'titled', title: 'Notice' }).title).toBe(
      'Notice',
    );
  });
});
