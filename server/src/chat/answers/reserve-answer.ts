import * as audit from '../../audit/index.ts';
import { AppError, newId, type RequestContext, type TenantTx } from '../../platform/index.ts';
import { ownerOf } from '../owner-of.ts';
import type { Turn } from '../prompt/build-prompt.ts';
import { findConversation, touchConversation } from '../repo/conversations.ts';
import { insertAnswer, listMessages, type MessageRow } from '../repo/messages.ts';
import { LEASE_SECONDS } from './event-log.ts';
import { failLostAnswer } from './fail-lost-answer.ts';
import type { Reserved } from './run-answer.ts';

/** What an answer is about; read, and for a new question written, inside the reservation. */
export type Asked = { userMessageId: string; question: string; history: readonly Turn[] };

type Reservation = {
  conversationId: string;
  regenerates: string | null;
  /** Given the conversation's messages, oldest first. */
  ask: (tx: TenantTx, messages: readonly MessageRow[]) => Promise<Asked>;
};

/**
 * Reserves an answer under a lease, in one transaction. Throws not_found for a conversation that is
 * not the caller's, not_allowed_now while another answer is being written there. An answer whose
 * process died does not stand in the way.
 */
export async function reserveAnswer(
  ctx: RequestContext,
  reservation: Reservation,
): Promise<Reserved> {
  const first = await tryToReserve(ctx, reservation);
  if (!('lostId' in first)) return first;
  await failLostAnswer(ctx, first.lostId);
  const second = await tryToReserve(ctx, reservation);
  if ('lostId' in second) throw busy();
  return second;
}

async function tryToReserve(
  ctx: RequestContext,
  { conversationId, regenerates, ask }: Reservation,
): Promise<Reserved | { lostId: string }> {
  const { accountId } = ownerOf(ctx);
  return ctx.inTenant(async (tx) => {
    const [mine, conversation, messages] = await Promise.all([
      touchConversation(tx, conversationId),
      findConversation(tx, conversationId),
      listMessages(tx, conversationId),
    ]);
    if (!mine || !conversation) throw new AppError('not_found', 'No such conversation');
    const writing = messages.find(({ state }) => state === 'streaming');
    if (writing?.lost) return { lostId: writing.id };
    if (writing) throw busy();
    // It takes its id at once, so the question sorts before the answer.
    const asking = ask(tx, messages);
    const messageId = newId();
    const [asked, createdAt] = await Promise.all([
      asking,
      insertAnswer(tx, {
        id: messageId,
        conversationId,
        accountId,
        regenerates,
        leaseSeconds: LEASE_SECONDS,
      }),
      audit.record(tx, ctx, {
        action: regenerates === null ? 'message.ask' : 'message.regenerate',
        resourceType: 'message',
        resourceId: messageId,
      }),
    ]);
    if (!createdAt) throw busy();
    return {
      ...asked,
      conversationId,
      messageId,
      createdAt,
      regenerates,
      untitled: conversation.title === null,
    };
  });
}

function busy(): AppError {
  return new AppError(
    'not_allowed_now',
    'An answer is still being written in this conversation; wait for it or stop it',
  );
}
