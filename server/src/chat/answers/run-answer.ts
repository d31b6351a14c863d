import type { RequestContext } from '../../platform/index.ts';
import type { Message, Outcome } from '../answer.ts';
import type { ChatParts } from '../chat-parts.ts';
import type { Turn } from '../prompt/build-prompt.ts';
import { createAnswerStream } from './answer-stream.ts';
import { composeAnswer } from './compose-answer.ts';
import { createEventLog } from './event-log.ts';
import { LOST } from './fail-lost-answer.ts';
import { makeTitle } from './make-title.ts';
import { answerName, EndReason, type RunningAnswer } from './running-answers.ts';
import { isClosed, settle } from './settle-answer.ts';

/** An answer that is reserved in the database: what was asked, and where. */
export type Reserved = {
  readonly conversationId: string;
  readonly messageId: string;
  readonly createdAt: Date;
  readonly userMessageId: string;
  readonly question: string;
  readonly history: readonly Turn[];
  readonly regenerates: string | null;
  /** The conversation has no title yet. */
  readonly untitled: boolean;
};

/**
 * Begins to write an answer in the background: it goes on when the client goes away, and only its
 * owner's stop, the removal of its conversation or the end of the process ends it early.
 */
export function runAnswer(chat: ChatParts, ctx: RequestContext, reserved: Reserved): RunningAnswer {
  const { messageId } = reserved;
  const name = answerName(ctx, messageId);
  const ending = new AbortController();
  const end = (reason: EndReason): void => ending.abort(reason);
  const stream = createAnswerStream(() => log.note());
  const log = createEventLog({
    ctx,
    messageId,
    events: () => stream.events,
    ended: (why) => end(new EndReason(why)),
  });
  const { userMessageId } = reserved;
  stream.push('started', { userMessageId, messageId });
  const work = async (): Promise<void> => {
    const outcome = await composeAnswer({
      ctx,
      question: reserved.question,
      history: reserved.history,
      search: chat.search,
      countUnread: () => chat.countUnread(ctx),
      queue: chat.queue,
      patience: chat.patience,
      signal: ending.signal,
      push: stream.push,
    });
    await log.close();
    await conclude(ctx, reserved, { outcome, push: stream.push, lastEvent: stream.lastId + 2 });
  };
  const finished = work()
    .catch((error: unknown) => {
      ctx.log.error('an answer could not be settled', { error, messageId });
      stream.push('error', isClosed(error) ? { code: error.code, detail: error.message } : LOST);
    })
    .finally(() => {
      stream.close();
      chat.running.delete(name);
    });
  const running = { tenantId: ctx.tenantId, stream, log, end, finished };
  chat.running.set(name, running);
  return running;
}

type Concluding = {
  outcome: Outcome;
  push: (kind: string, data: object) => void;
  lastEvent: number;
};

async function conclude(
  ctx: RequestContext,
  reserved: Reserved,
  concluding: Concluding,
): Promise<void> {
  const { outcome, push, lastEvent } = concluding;
  const { messageId, conversationId } = reserved;
  const title =
    reserved.untitled && outcome.state === 'complete' ? makeTitle(reserved.question) : null;
  const done = await settle(ctx, { messageId, conversationId, outcome, title, lastEvent });
  if (!done.settled)
    push('error', { code: 'gone', detail: 'The conversation was deleted meanwhile' });
  else if (outcome.error) push('error', outcome.error);
  else {
    if (done.titled) push('titled', { title });
    push('done', { message: messageOf(reserved, outcome) });
  }
}

function messageOf(reserved: Reserved, outcome: Outcome): Message {
  const { model: _model, ...shown } = outcome;
  return {
    ...shown,
    id: reserved.messageId,
    role: 'assistant',
    createdAt: reserved.createdAt.toISOString(),
    regenerates: reserved.regenerates,
  };
}
