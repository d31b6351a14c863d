import * as audit from '../../audit/index.ts';
import { newId, type RequestContext } from '../../platform/index.ts';
import { ownerOf } from '../owner-of.ts';
import { insertConversation } from '../repo/conversations.ts';
import { presentConversation, type ConversationItem } from './present-conversation.ts';

/** Opens an empty conversation of the caller's own. */
export async function createConversation(ctx: RequestContext): Promise<ConversationItem> {
  const id = newId();
  const { accountId } = ownerOf(ctx);
  const fields = await ctx.openFields();
  const [row] = await ctx.inTenant((tx) =>
    Promise.all([
      insertConversation(tx, { id, accountId }),
      audit.record(tx, ctx, {
        action: 'conversation.create',
        resourceType: 'conversation',
        resourceId: id,
      }),
    ]),
  );
  return presentConversation(row, fields);
}
