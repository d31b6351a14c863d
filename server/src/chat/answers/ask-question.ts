import { newId, type RequestContext } from '../../platform/index.ts';
import { refuseWhileDraining, type ChatParts } from '../chat-parts.ts';
import { places } from '../field-places.ts';
import { ownerOf } from '../owner-of.ts';
import { insertQuestion } from '../repo/messages.ts';
import { reserveAnswer } from './reserve-answer.ts';
import { runAnswer } from './run-answer.ts';
import type { RunningAnswer } from './running-answers.ts';
import { turnsOf } from './turns-of.ts';

/** Writes a question into a conversation of the caller's and begins its answer. */
export async function askQuestion(
  chat: ChatParts,
  ctx: RequestContext,
  { conversationId, content }: { conversationId: string; content: string },
): Promise<RunningAnswer> {
  refuseWhileDraining(chat);
  const fields = await ctx.openFields();
  const { accountId } = ownerOf(ctx);
  const reserved = await reserveAnswer(ctx, {
    conversationId,
    regenerates: null,
    ask: async (tx, messages) => {
      const id = newId();
      const sealed = fields.encrypt(places.content(id), content);
      await insertQuestion(tx, { id, conversationId, accountId, content: sealed });
      return { userMessageId: id, question: content, history: turnsOf(messages, fields) };
    },
  });
  return runAnswer(chat, ctx, reserved);
}
