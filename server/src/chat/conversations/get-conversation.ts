import { AppError, type RequestContext } from '../../platform/index.ts';
import type { Message } from '../answer.ts';
import { failLostAnswer } from '../answers/fail-lost-answer.ts';
import { listCitations } from '../repo/citations.ts';
import { findConversation } from '../repo/conversations.ts';
import { listMessages } from '../repo/messages.ts';
import { presentConversation, type ConversationItem } from './present-conversation.ts';
import { presentMessage } from './present-message.ts';

/**
 * One of the caller's conversations with its messages, oldest first. An answer whose process died
 * is settled as failed on the way. Throws not_found.
 */
export async function getConversation(
  ctx: RequestContext,
  id: string,
): Promise<ConversationItem & { messages: Message[] }> {
  const read = (): ReturnType<typeof readAll> => readAll(ctx, id);
  let found = await read();
  const lost = found.messages.filter((message) => message.lost);
  if (lost.length > 0) {
    for (const message of lost) await failLostAnswer(ctx, message.id);
    found = await read();
  }
  const { conversation, messages, citations } = found;
  const [fields, texts] = await Promise.all([ctx.openFields(), ctx.openTexts()]);
  return {
    ...presentConversation(conversation, fields),
    messages: messages.map((message) => presentMessage(message, { fields, texts, citations })),
  };
}

async function readAll(ctx: RequestContext, id: string) {
  return ctx.inTenant(async (tx) => {
    const [conversation, messages, citations] = await Promise.all([
      findConversation(tx, id),
      listMessages(tx, id),
      listCitations(tx, id),
    ]);
    if (!conversation) throw new AppError('not_found', 'No such conversation');
    return { conversation, messages, citations };
  });
}
