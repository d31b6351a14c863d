import * as audit from '../../audit/index.ts';
import { AppError, type RequestContext } from '../../platform/index.ts';
import { places } from '../field-places.ts';
import { updateTitle } from '../repo/conversations.ts';
import { presentConversation, type ConversationItem } from './present-conversation.ts';

/** Gives one of the caller's conversations a title of their own. Throws not_found. */
export async function renameConversation(
  ctx: RequestContext,
  { id, title }: { id: string; title: string },
): Promise<ConversationItem> {
  const fields = await ctx.openFields();
  const sealed = fields.encrypt(places.title(id), title);
  const row = await ctx.inTenant(async (tx) => {
    const renamed = await updateTitle(tx, { id, title: sealed, onlyIfNone: false });
    if (!renamed) throw new AppError('not_found', 'No such conversation');
    await audit.record(tx, ctx, {
      action: 'conversation.rename',
      resourceType: 'conversation',
      resourceId: id,
    });
    return renamed;
  });
  return presentConversation(row, fields);
}
