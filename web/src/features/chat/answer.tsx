import { ApiProblem } from '../../lib/api/api-problem.ts';
import type { Citation, Message } from '../../lib/api/types.ts';
import { ProblemPanel } from '../../ui/problem-panel.tsx';
import classes from './answer.module.css';
import { AnswerActions } from './answer-actions.tsx';
import { AnswerBody } from './answer-body.tsx';
import { problemTitle } from './problem-title.ts';
import { SourceList } from './source-list.tsx';
import { VerdictBanner } from './verdict-banner.tsx';
import { WaitingLine } from './waiting-line.tsx';

interface AnswerProps {
  answer: Message;
  connection: 'connected' | 'lost';
  onOpen: (citation: Citation) => void;
  /** Absent while another answer is being written. */
  onRegenerate: (() => void) | null;
  variant: { index: number; count: number; show: (index: number) => void };
}

/** An answer with its verdict, its sources, and what can be done with it. */
export function Answer({ answer, connection, onOpen, onRegenerate, variant }: AnswerProps) {
  const streaming = answer.state === 'streaming';
  return (
    <article
      className={classes.answer}
      aria-label="Answer"
      aria-busy={streaming}
      data-state={answer.state}
    >
      {answer.verdict && <VerdictBanner verdict={answer.verdict} />}
      {streaming && !answer.verdict && (
        <WaitingLine begun={answer.content !== ''} connection={connection} />
      )}
      <AnswerBody answer={answer} onOpen={onOpen} />
      {answer.state === 'stopped' && (
        <p className={classes.stopped}>Stopped. What was written so far was not checked.</p>
      )}
      {answer.error && (
        <div className={classes.problem}>
          <ProblemPanel
            title={problemTitle(answer.error.code)}
            error={new ApiProblem(answer.error, 500)}
            {...(onRegenerate && { onRetry: onRegenerate })}
          />
        </div>
      )}
      <SourceList citations={answer.citations} onOpen={onOpen} />
      {!streaming && (
        <AnswerActions
          answer={answer}
          onRegenerate={answer.error ? null : onRegenerate}
          variant={variant}
        />
      )}
    </article>
  );
}
