import { z } from 'zod';
import { may } from '../access/index.ts';
import {
  AppError,
  empty,
  endpoint,
  json,
  openEventStream,
  tenantPermission,
  written,
  type Endpoint,
  type EventStream,
  type Io,
  type RequestContext,
} from '../platform/index.ts';
import { askQuestion } from './answers/ask-question.ts';
import { findAnswer, followAnswer } from './answers/follow-answer.ts';
import { regenerateAnswer } from './answers/regenerate-answer.ts';
import type { RunningAnswer } from './answers/running-answers.ts';
import { stopAnswer } from './answers/stop-answer.ts';
import type { ChatParts } from './chat-parts.ts';
import { createConversation } from './conversations/create-conversation.ts';
import { deleteConversation } from './conversations/delete-conversation.ts';
import { getConversation } from './conversations/get-conversation.ts';
import { listOwnConversations } from './conversations/list-conversations.ts';
import { renameConversation } from './conversations/rename-conversation.ts';
import {
  conversation,
  conversationItem,
  conversationList,
  questionInput,
  titleInput,
} from './schema.ts';

const CONVERSATIONS = '/api/tenants/:tenantId/conversations';
const CONVERSATION = `${CONVERSATIONS}/:conversationId`;
const MESSAGE = `${CONVERSATION}/messages/:messageId`;

const guard = tenantPermission('conversations.use', 'chat');
const ofTenant = z.strictObject({ tenantId: z.uuid() });
const ofConversation = z.strictObject({ tenantId: z.uuid(), conversationId: z.uuid() });
const ofMessage = z.strictObject({
  tenantId: z.uuid(),
  conversationId: z.uuid(),
  messageId: z.uuid(),
});
const events = written('text/event-stream', 'The answer as it is written');

/** The routes of conversations. */
export function conversationRoutes(): readonly Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: CONVERSATIONS,
      summary: 'List your conversations, latest first',
      guard,
      limit: 'account',
      input: {
        params: ofTenant,
        query: z.strictObject({
          after: z.uuid().optional(),
          limit: z.coerce.number().int().min(1).max(200).default(50),
        }),
      },
      output: json(conversationList),
      audit: null,
      run: (ctx, { query }) => listOwnConversations(ctx, query),
    }),
    endpoint({
      method: 'post',
      path: CONVERSATIONS,
      summary: 'Open an empty conversation',
      guard,
      limit: 'account',
      input: { params: ofTenant, body: z.strictObject({}) },
      output: json(conversationItem, 201),
      audit: ['conversation.create'],
      run: (ctx) => createConversation(ctx),
    }),
    endpoint({
      method: 'get',
      path: CONVERSATION,
      summary: 'Read one of your conversations with its messages and sources',
      guard,
      limit: 'account',
      input: { params: ofConversation },
      output: json(conversation),
      audit: null,
      run: (ctx, { params }) => getConversation(ctx, params.conversationId),
    }),
    endpoint({
      method: 'patch',
      path: CONVERSATION,
      summary: 'Rename one of your conversations',
      guard,
      limit: 'account',
      input: { params: ofConversation, body: titleInput },
      output: json(conversationItem),
      audit: ['conversation.rename'],
      run: (ctx, { params, body }) =>
        renameConversation(ctx, { id: params.conversationId, title: body.title }),
    }),
    endpoint({
      method: 'delete',
      path: CONVERSATION,
      summary: 'Delete one of your conversations with all its messages',
      guard,
      limit: 'account',
      input: { params: ofConversation },
      output: empty,
      audit: ['conversation.delete'],
      run: (ctx, { params }) => deleteConversation(ctx, params.conversationId),
    }),
  ];
}

/** The routes of questions and answers; each that streams ends with `done` or `error`. */
export function answerRoutes(chat: ChatParts): readonly Endpoint[] {
  return [
    endpoint({
      method: 'post',
      path: `${CONVERSATION}/messages`,
      summary: 'Ask a question; the answer streams, checked against its sources at the end',
      guard,
      limit: 'account',
      input: { params: ofConversation, body: questionInput },
      output: events,
      audit: ['message.ask', 'message.answer'],
      run: async (ctx, { params, body }, io) => {
        requireSearch(ctx);
        return sendAnswer(ctx, io, await askQuestion(chat, ctx, { ...params, ...body }));
      },
    }),
    endpoint({
      method: 'post',
      path: `${MESSAGE}/regenerate`,
      summary: 'Answer the same question again; the earlier answer stays',
      guard,
      limit: 'account',
      input: { params: ofMessage },
      output: events,
      audit: ['message.regenerate', 'message.answer'],
      run: async (ctx, { params }, io) => {
        requireSearch(ctx);
        return sendAnswer(ctx, io, await regenerateAnswer(chat, ctx, params));
      },
    }),
    endpoint({
      method: 'post',
      path: `${MESSAGE}/stop`,
      summary: 'Stop an answer; what came so far stays',
      guard,
      limit: 'account',
      input: { params: ofMessage },
      output: empty,
      audit: ['message.stop'],
      run: (ctx, { params }) => stopAnswer(chat, ctx, params),
    }),
    endpoint({
      method: 'get',
      path: `${MESSAGE}/events`,
      summary: 'Follow an answer from an event on; all events without `after`',
      guard,
      limit: 'account',
      input: {
        params: ofMessage,
        query: z.strictObject({
          after: z.coerce.number().int().min(0).max(2_000_000_000).default(0),
        }),
      },
      output: events,
      audit: null,
      run: async (ctx, { params, query }, io) => {
        await findAnswer(ctx, params);
        await streamTo(ctx, io, (stream, gone) =>
          followAnswer(chat, ctx, { at: params, after: query.after, stream, gone }),
        );
      },
    }),
  ];
}

/** RBA-02: an answer is made of what a search finds, and shows it. */
function requireSearch({ standing }: RequestContext): void {
  if (may(standing, 'documents.search')) return;
  throw new AppError(
    'forbidden',
    'An answer is made of passages, and searching needs a higher access level; ask an administrator of the tenant',
  );
}

function sendAnswer(ctx: RequestContext, io: Io, { stream }: RunningAnswer): Promise<void> {
  return streamTo(ctx, io, (sent, gone) => stream.follow(0, sent.send, gone));
}

type Sender = (stream: EventStream, gone: AbortSignal) => Promise<void>;

/**
 * The client may go away; the answer goes on without it. A stop of the server does not cut the
 * stream: it ends the answer, and so the stream gets its last event.
 */
async function streamTo(ctx: RequestContext, { response }: Io, send: Sender): Promise<void> {
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  const stream = openEventStream(response);
  // A tenant that is closed, or a person who may no longer ask, ends the stream with the reason; that
  // the server stops does not.
  const leave = (): void => {
    const reason: unknown = ctx.signal.reason;
    if (!(reason instanceof AppError)) return;
    const { code, message: detail } = reason;
    stream.send({ kind: 'error', data: { code, detail } });
    gone.abort();
  };
  ctx.signal.addEventListener('abort', leave);
  if (ctx.signal.aborted) leave();
  ctx.platform.metrics.openStreams.inc();
  try {
    await send(stream, gone.signal);
  } catch (error) {
    // The head is sent: a line that breaks makes the client resume, where it gets the problem.
    ctx.log.warn('a stream broke', { error });
    response.destroy();
  } finally {
    ctx.platform.metrics.openStreams.dec();
    stream.end();
  }
}
