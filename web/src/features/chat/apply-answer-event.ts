import type { Conversation, Message } from '../../lib/api/types.ts';
import type { AnswerEvent } from './answer-event.ts';

function changed(message: Message, event: AnswerEvent): Message {
  switch (event.kind) {
    case 'delta':
      return { ...message, content: message.content + event.text };
    case 'checked':
      return {
        ...message,
        verdict: event.verdict,
        sentences: event.sentences,
        citations: event.citations,
      };
    case 'replaced':
      return {
        ...message,
        content: event.content,
        verdict: event.verdict,
        sentences: null,
        citations: event.citations,
      };
    case 'done':
      return event.message;
    case 'error':
      return { ...message, state: 'failed', error: { code: event.code, detail: event.detail } };
    default:
      return message;
  }
}

/** The conversation after one event of the answer `messageId`; events of an unknown answer change nothing. */
export function applyAnswerEvent(
  conversation: Conversation,
  messageId: string,
  event: AnswerEvent,
): Conversation {
  if (event.kind === 'titled') return { ...conversation, title: event.title };
  return {
    ...conversation,
    messages: conversation.messages.map((message) =>
      message.id === messageId ? changed(message, event) : message,
    ),
  };
}
