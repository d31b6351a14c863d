import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { toProblem } from '../../lib/api/api-problem.ts';
import type { Conversation, Message } from '../../lib/api/types.ts';
import { runAnswer } from './answer-run.ts';
import { conversationKey } from './conversation-query.ts';
import { conversationsKey } from './conversations-query.ts';
import { newConversation } from './new-conversation.ts';
import { newMessage } from './new-message.ts';
import { regenerateAnswer, sendQuestion } from './open-answer-stream.ts';
import type { StreamTarget } from './open-answer-stream.ts';
import { stopAnswer } from './stop-answer.ts';

interface Running {
  conversationId: string;
  messageId: string | null;
  connection: 'connected' | 'lost';
}
interface Start {
  conversationId: string;
  shown: Message[];
  begin: ((target: StreamTarget) => Promise<Response>) | null;
}

/** Runs at most one stream of this page: asks, regenerates, picks up and stops answers. */
export function useAnswering(tenantId: string) {
  const queryClient = useQueryClient();
  const [running, setRunning] = useState<Running | null>(null);
  const stream = useRef<{ abort: AbortController; conversationId: string } | null>(null);

  const leave = useCallback(() => {
    stream.current?.abort.abort();
    stream.current = null;
    setRunning(null);
  }, []);
  /** Lets go of the stream of another conversation; its answer goes on at the server. */
  const keepOnly = useCallback(
    (conversationId: string | null) => {
      if (stream.current && stream.current.conversationId !== conversationId) leave();
    },
    [leave],
  );
  useEffect(() => leave, [leave, tenantId]);

  const start = useCallback(
    async ({ conversationId, shown, begin }: Start): Promise<void> => {
      stream.current?.abort.abort();
      const own = { abort: new AbortController(), conversationId };
      stream.current = own;
      const target = { tenantId, conversationId, signal: own.abort.signal };
      const key = conversationKey(tenantId, conversationId);
      const ids = new Set(shown.map(({ id }) => id));
      const without = (messages: Message[]) => messages.filter(({ id }) => !ids.has(id));
      queryClient.setQueryData<Conversation>(key, (old) => {
        const known = old ?? newConversation(conversationId);
        const kept = begin ? known.messages : without(known.messages);
        return { ...known, messages: [...kept, ...shown] };
      });
      const change = (changes: Partial<Running>): void =>
        setRunning((now) => (stream.current === own && now ? { ...now, ...changes } : now));
      const answer = shown.at(-1);
      setRunning({
        conversationId,
        messageId: begin ? null : (answer?.id ?? null),
        connection: 'connected',
      });
      try {
        await runAnswer({
          queryClient,
          target,
          questionId: shown.length > 1 ? (shown[0]?.id ?? null) : null,
          answerId: answer?.id ?? '',
          begin: begin && (() => begin(target)),
          onStarted: (messageId) => change({ messageId }),
          onConnection: (connection) => change({ connection }),
        });
      } catch (error) {
        queryClient.setQueryData<Conversation>(
          key,
          (old) => old && { ...old, messages: without(old.messages) },
        );
        throw toProblem(error);
      } finally {
        if (stream.current === own) leave();
        void queryClient.invalidateQueries({ queryKey: conversationsKey(tenantId) });
      }
    },
    [leave, queryClient, tenantId],
  );

  const ask = (conversationId: string, content: string): Promise<void> =>
    start({
      conversationId,
      shown: [
        newMessage({ id: 'new-question', role: 'user', content }),
        newMessage({ id: 'new-answer', role: 'assistant', state: 'streaming' }),
      ],
      begin: (target) => sendQuestion(target, content),
    });
  const regenerate = (conversationId: string, messageId: string): Promise<void> =>
    start({
      conversationId,
      shown: [
        newMessage({
          id: 'new-answer',
          role: 'assistant',
          state: 'streaming',
          regenerates: messageId,
        }),
      ],
      begin: (target) => regenerateAnswer(target, messageId),
    });
  const pickUp = useCallback(
    (conversationId: string, message: Message): Promise<void> =>
      start({ conversationId, shown: [{ ...message, content: '' }], begin: null }),
    [start],
  );
  const stop = async (): Promise<void> => {
    if (running?.messageId) {
      const { conversationId, messageId } = running;
      await stopAnswer({ tenantId, conversationId, messageId });
    } else leave();
  };
  return { running, ask, regenerate, pickUp, stop, keepOnly };
}
