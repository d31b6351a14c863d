import * as audit from '../../audit/index.ts';
import { AppError, type RequestContext } from '../../platform/index.ts';
import { announce } from '../repo/events.ts';
import { removeConversation } from '../repo/conversations.ts';
import { listMessages } from '../repo/messages.ts';

/** Deletes one of the caller's conversations with all its messages. Throws not_found. */
export function deleteConversation(ctx: RequestContext, id: string): Promise<void> {
  return ctx.inTenant(async (tx) => {
    const streaming = (await listMessages(tx, id)).filter(({ state }) => state === 'streaming');
    if (!(await removeConversation(tx, id)))
      throw new AppError('not_found', 'No such conversation');
    await audit.record(tx, ctx, {
      action: 'conversation.delete',
      resourceType: 'conversation',
      resourceId: id,
    });
    // Whoever writes an answer there learns that its message is gone, and stops the model.
    for (const { id: messageId } of streaming) await announce(tx, { kind: 'look', messageId });
  });
}
