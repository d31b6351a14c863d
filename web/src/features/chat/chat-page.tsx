import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { useMatch, useNavigate, useParams } from 'react-router';
import { toProblem } from '../../lib/api/api-problem.ts';
import type { ApiProblem } from '../../lib/api/api-problem.ts';
import type { Citation, Conversation } from '../../lib/api/types.ts';
import { usePageTitle } from '../../lib/use-page-title.ts';
import { announce } from '../../ui/announce.ts';
import { ProblemPanel } from '../../ui/problem-panel.tsx';
import { gapIn } from './beginnings.ts';
import { ChatStart } from './chat-start.tsx';
import { Composer } from './composer.tsx';
import { createConversation } from './create-conversation.ts';
import { conversationKey, conversationQuery } from './conversation-query.ts';
import { PassageDrawer } from './passage-drawer.tsx';
import { Thread } from './thread.tsx';
import classes from './thread.module.css';
import { useAnswering } from './use-answering.ts';
import { verdicts } from './verdict.ts';

/** Questions and answers over the documents of a tenant. */
export function ChatPage() {
  const { tenantId = '' } = useParams();
  const match = useMatch('/t/:tenantId/c/:conversationId');
  const conversationId = match?.params.conversationId ?? null;
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const field = useRef<HTMLTextAreaElement>(null);
  const [draft, setDraft] = useState('');
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const [open, setOpen] = useState<Citation | null>(null);
  const answering = useAnswering(tenantId);
  const conversation = useQuery({
    ...conversationQuery(tenantId, conversationId ?? ''),
    enabled: conversationId !== null,
  });
  usePageTitle(conversation.data?.title ?? (conversationId ? 'Conversation' : 'New question'));
  const here = answering.running?.conversationId === conversationId ? answering.running : null;
  const { pickUp, keepOnly, running } = answering;

  const place = `${tenantId}/${conversationId ?? ''}`;
  const [seen, setSeen] = useState(place);
  if (seen !== place) {
    setSeen(place);
    setProblem(null);
    setOpen(null);
  }
  useEffect(() => {
    keepOnly(conversationId);
    field.current?.focus();
  }, [conversationId, keepOnly, tenantId]);
  useEffect(() => {
    const last = conversation.data?.messages.findLast((message) => message.state === 'streaming');
    if (conversationId && last && !running && !last.id.startsWith('new-'))
      void pickUp(conversationId, last);
  }, [conversation.data, conversationId, pickUp, running]);

  const follow = async (id: string, run: () => Promise<void>): Promise<void> => {
    setProblem(null);
    await run();
    const now = queryClient.getQueryData<Conversation>(conversationKey(tenantId, id));
    const answer = now?.messages.findLast((message) => message.role === 'assistant');
    if (answer?.verdict) announce(`The answer is complete. ${verdicts[answer.verdict].title}.`);
    else if (answer?.state === 'failed') announce('The answer could not be completed.');
  };
  const ask = async (content: string): Promise<void> => {
    setDraft('');
    setProblem(null);
    announce('Your question is sent.');
    try {
      const id = conversationId ?? (await createConversation(tenantId)).id;
      const answered = follow(id, () => answering.ask(id, content));
      if (!conversationId) void navigate(`/t/${tenantId}/c/${id}`);
      await answered;
    } catch (error) {
      setProblem(toProblem(error));
      setDraft((now) => now || content);
    }
  };
  const regenerate = (messageId: string): void => {
    if (!conversationId) return;
    follow(conversationId, () => answering.regenerate(conversationId, messageId)).catch(
      (error: unknown) => setProblem(toProblem(error)),
    );
  };
  const onOpen = useCallback((citation: Citation) => setOpen(citation), []);
  const pick = (question: string): void => {
    // Now, so that the gap can be selected in what the field shows.
    flushSync(() => setDraft(question));
    field.current?.focus();
    const gap = gapIn(question);
    if (gap) field.current?.setSelectionRange(...gap);
  };

  return (
    <div className={classes.chat}>
      {conversationId === null ? (
        <div className={`${classes.thread} ${classes.start}`}>
          <ChatStart tenantId={tenantId} onPick={pick} />
        </div>
      ) : (
        <Thread
          conversation={conversation}
          connection={here?.connection ?? 'connected'}
          onOpen={onOpen}
          onRegenerate={here ? null : regenerate}
        />
      )}
      <div className={classes.dock}>
        {problem && (
          <div className={classes.problem}>
            <ProblemPanel title="The question was not sent" error={problem} />
          </div>
        )}
        <Composer
          field={field}
          value={draft}
          onChange={setDraft}
          onSend={() => void ask(draft.trim())}
          onStop={
            here &&
            (() => void answering.stop().catch((error: unknown) => setProblem(toProblem(error))))
          }
        />
        <p className={classes.hint}>
          Answers come from your documents and are checked against them. Open the sources.
        </p>
      </div>
      <PassageDrawer tenantId={tenantId} citation={open} onClose={() => setOpen(null)} />
    </div>
  );
}
