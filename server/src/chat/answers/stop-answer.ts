import * as audit from '../../audit/index.ts';
import { AppError, type RequestContext } from '../../platform/index.ts';
import type { ChatParts } from '../chat-parts.ts';
import { announce } from '../repo/events.ts';
import { findMessage, requestStop } from '../repo/messages.ts';
import { answerName, EndReason } from './running-answers.ts';

/**
 * Stops one of the caller's answers, in whatever process it is written; what came so far stays.
 * An answer that has ended is left as it is. Throws not_found.
 */
export async function stopAnswer(
  chat: ChatParts,
  ctx: RequestContext,
  at: { conversationId: string; messageId: string },
): Promise<void> {
  const { messageId } = at;
  await ctx.inTenant(async (tx) => {
    const message = await findMessage(tx, at);
    if (message?.role !== 'assistant') throw new AppError('not_found', 'No such answer');
    if (!(await requestStop(tx, messageId))) return;
    await announce(tx, { kind: 'look', messageId });
    await audit.record(tx, ctx, {
      action: 'message.stop',
      resourceType: 'message',
      resourceId: messageId,
    });
  });
  chat.running.get(answerName(ctx, messageId))?.end(new EndReason('stopped'));
}
