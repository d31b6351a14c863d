import { AppError, type EventStream, type RequestContext } from '../../platform/index.ts';
import type { ChatParts } from '../chat-parts.ts';
import { openDetail, presentMessage } from '../conversations/present-message.ts';
import { listCitations } from '../repo/citations.ts';
import { listEvents } from '../repo/events.ts';
import { findMessage, type MessageRow } from '../repo/messages.ts';
import { openBatches } from './event-log.ts';
import { failLostAnswer, LOST } from './fail-lost-answer.ts';
import { answerName } from './running-answers.ts';

const LOOK_AGAIN_MS = 1_000;

type At = { conversationId: string; messageId: string };

/** The answer that a path names, if it is the caller's. Throws not_found before any stream opens. */
export async function findAnswer(ctx: RequestContext, at: At): Promise<MessageRow> {
  const row = await ctx.readTenant((tx) => findMessage(tx, at));
  if (row?.role !== 'assistant') throw new AppError('not_found', 'No such answer');
  return row;
}

/**
 * Sends the events of an answer after a number, then those to come, until it ends: from this
 * process's memory or, when another process writes it, from the database.
 */
export async function followAnswer(
  chat: ChatParts,
  ctx: RequestContext,
  { at, after, stream, gone }: { at: At; after: number; stream: EventStream; gone: AbortSignal },
): Promise<void> {
  const name = answerName(ctx, at.messageId);
  const running = chat.running.get(name);
  if (running) return running.stream.follow(after, stream.send, gone);
  let last = after;
  while (!ctx.signal.aborted) {
    const row = await findAnswer(ctx, at);
    if (row.state !== 'streaming') return sendEnd(ctx, row, { last, stream });
    if (row.lost) {
      await failLostAnswer(ctx, row.id);
      continue;
    }
    for (const event of await keptEvents(ctx, { messageId: row.id, after: last })) {
      stream.send(event);
      last = event.id;
    }
    await chat.followers.news(name, LOOK_AGAIN_MS, ctx.signal);
  }
}

async function keptEvents(
  ctx: RequestContext,
  from: { messageId: string; after: number },
): Promise<ReturnType<typeof openBatches>> {
  const [fields, batches] = await Promise.all([
    ctx.openFields(),
    ctx.readTenant((tx) => listEvents(tx, from)),
  ]);
  return openBatches(batches, { ...from, fields });
}

/** The end carries the whole message, so what was missed before it need not be sent again. */
async function sendEnd(
  ctx: RequestContext,
  row: MessageRow,
  { last, stream }: { last: number; stream: EventStream },
): Promise<void> {
  const texts = await ctx.openTexts();
  const id = Math.max(row.lastEvent, last + 1);
  if (row.state === 'failed') {
    const { code, detail } =
      row.errorCode === null ? LOST : { code: row.errorCode, detail: openDetail(texts, row) };
    stream.send({ id, kind: 'error', data: { code, detail } });
    return;
  }
  const [fields, citations] = await Promise.all([
    ctx.openFields(),
    ctx.readTenant((tx) => listCitations(tx, row.conversationId)),
  ]);
  stream.send({
    id,
    kind: 'done',
    data: { message: presentMessage(row, { fields, texts, citations }) },
  });
}
