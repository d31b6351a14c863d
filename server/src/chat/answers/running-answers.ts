import type { AnswerStream } from './answer-stream.ts';
import type { EventLog } from './event-log.ts';

export type RunningAnswer = {
  readonly tenantId: string | null;
  readonly stream: AnswerStream;
  readonly log: EventLog;
  /** Ends the model's work; the answer is then settled with the reason's state. */
  readonly end: (reason: EndReason) => void;
  readonly finished: Promise<void>;
};

/** Why an answer ends before the model does. */
export class EndReason extends Error {
  readonly why: 'stopped' | 'gone' | 'draining';
  constructor(why: 'stopped' | 'gone' | 'draining') {
    super(why);
    this.name = 'EndReason';
    this.why = why;
  }
}

/** The answers that this process writes, by message id. Ids alone open nothing: callers check the row. */
export type RunningAnswers = Map<string, RunningAnswer>;
