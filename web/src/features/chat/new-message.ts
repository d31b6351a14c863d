import type { Message } from '../../lib/api/types.ts';

/** A message that this page shows before the server has told it back. */
export function newMessage(known: Pick<Message, 'id' | 'role'> & Partial<Message>): Message {
  return {
    content: '',
    state: 'complete',
    createdAt: new Date().toISOString(),
    regenerates: null,
    error: null,
    verdict: null,
    sentences: null,
    citations: [],
    ...known,
  };
}
