import type { RequestContext } from '../../platform/index.ts';
import { listConversations } from '../repo/conversations.ts';
import { presentConversation, type ConversationItem } from './present-conversation.ts';

type Page = { readonly after?: string | undefined; readonly limit: number };

/** A page of the caller's conversations, latest first. */
export async function listOwnConversations(
  ctx: RequestContext,
  { after, limit }: Page,
): Promise<{ items: ConversationItem[]; next: string | null }> {
  const [fields, rows] = await Promise.all([
    ctx.openFields(),
    // One more than asked tells whether there is a next page.
    ctx.readTenant((tx) => listConversations(tx, { after: after ?? null, limit: limit + 1 })),
  ]);
  const shown = rows.slice(0, limit);
  return {
    items: shown.map((row) => presentConversation(row, fields)),
    next: rows.length > limit ? (shown.at(-1)?.id ?? null) : null,
  };
}
