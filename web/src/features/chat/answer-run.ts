import type { QueryClient } from '@tanstack/react-query';
import { toProblem } from '../../lib/api/api-problem.ts';
import type { Conversation, Message } from '../../lib/api/types.ts';
import type { AnswerEvent } from './answer-event.ts';
import { applyAnswerEvent } from './apply-answer-event.ts';
import { followAnswer } from './follow-answer.ts';
import { conversationKey } from './conversation-query.ts';
import { resumeAnswer } from './open-answer-stream.ts';
import type { StreamTarget } from './open-answer-stream.ts';

export interface AnswerRun {
  queryClient: QueryClient;
  target: StreamTarget;
  /** The ids under which the page shows question and answer until the server names them. */
  questionId: string | null;
  answerId: string;
  begin: (() => Promise<Response>) | null;
  onStarted: (messageId: string) => void;
  onConnection: (state: 'connected' | 'lost') => void;
}

const wait = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
    // Back on the network there is no reason to wait longer.
    window.addEventListener('online', () => resolve(), { once: true });
  });

/** Follows an answer and writes every event into the cached conversation, once per frame. */
export async function runAnswer(run: AnswerRun): Promise<void> {
  const { queryClient, target, begin } = run;
  const key = conversationKey(target.tenantId, target.conversationId);
  let answerId = run.answerId;
  let pending: AnswerEvent[] = [];

  const write = (change: (conversation: Conversation) => Conversation): void => {
    queryClient.setQueryData<Conversation>(key, (old) => old && change(old));
  };
  const flush = (): void => {
    const events = pending;
    pending = [];
    if (events.length === 0) return;
    write((old) => events.reduce((now, event) => applyAnswerEvent(now, answerId, event), old));
  };
  const rename = (from: string, to: string) => (message: Message) =>
    message.id === from ? { ...message, id: to } : message;

  const onEvent = (event: AnswerEvent): void => {
    if (event.kind !== 'started') {
      pending.push(event);
      if (event.kind !== 'delta') flush();
      else if (pending.length === 1) requestAnimationFrame(flush);
      return;
    }
    write((old) => ({
      ...old,
      messages: old.messages
        .map(rename(answerId, event.messageId))
        .map(rename(run.questionId ?? '', event.userMessageId)),
    }));
    answerId = event.messageId;
    run.onStarted(answerId);
  };

  try {
    await followAnswer({
      begin,
      messageId: begin ? null : answerId,
      resume: (messageId, after) => resumeAnswer(target, messageId, after),
      wait,
      onEvent,
      onConnection: run.onConnection,
      signal: target.signal,
    });
    flush();
  } catch (error) {
    flush();
    // Never named by the server: nothing was begun, so the caller takes the question back.
    if (answerId === run.answerId && begin) throw error;
    const { code, message: detail } = toProblem(error);
    write((old) => applyAnswerEvent(old, answerId, { kind: 'error', code, detail }));
  }
}
