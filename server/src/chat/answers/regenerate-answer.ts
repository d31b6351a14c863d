import { AppError, type RequestContext } from '../../platform/index.ts';
import { refuseWhileDraining, type ChatParts } from '../chat-parts.ts';
import type { MessageRow } from '../repo/messages.ts';
import { reserveAnswer } from './reserve-answer.ts';
import { runAnswer } from './run-answer.ts';
import type { RunningAnswer } from './running-answers.ts';
import { textOf, turnsOf } from './turns-of.ts';

/**
 * Begins another answer to the question of an earlier one; the earlier one stays. Throws not_found
 * unless the message is an answer in this conversation of the caller's.
 */
export async function regenerateAnswer(
  chat: ChatParts,
  ctx: RequestContext,
  { conversationId, messageId }: { conversationId: string; messageId: string },
): Promise<RunningAnswer> {
  refuseWhileDraining(chat);
  const fields = await ctx.openFields();
  const reserved = await reserveAnswer(ctx, {
    conversationId,
    regenerates: messageId,
    ask: (_tx, messages) => {
      const asked = questionOf(messages, messageId);
      if (!asked) throw new AppError('not_found', 'No such answer');
      const before = messages.slice(0, messages.indexOf(asked));
      return Promise.resolve({
        userMessageId: asked.id,
        question: textOf(asked, fields),
        history: turnsOf(before, fields),
      });
    },
  });
  return runAnswer(chat, ctx, reserved);
}

/** Through the answers that regenerated each other, back to the question before the first. */
function questionOf(messages: readonly MessageRow[], answerId: string): MessageRow | undefined {
  const at = messages.findIndex(({ id, role }) => id === answerId && role === 'assistant');
  const answer = messages[at];
  if (!answer) return undefined;
  if (answer.regenerates !== null) return questionOf(messages, answer.regenerates);
  return messages.slice(0, at).findLast(({ role }) => role === 'user');
}
