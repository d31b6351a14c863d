import type { Conversation } from '../../lib/api/types.ts';

/** A conversation that this page shows while its first question is on its way. */
export function newConversation(id: string): Conversation {
  const now = new Date().toISOString();
  return { id, title: null, createdAt: now, updatedAt: now, messages: [] };
}
