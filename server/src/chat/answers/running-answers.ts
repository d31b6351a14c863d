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

/** The answers that this process writes, by `answerName`. */
export type RunningAnswers = Map<string, RunningAnswer>;

/**
 * What processes call an answer, in memory and in notifications. The tenant is part of it: a stolen
 * id, looked up in another tenant's context, names nothing. Whose it is in the tenant says its row.
 */
export function answerName(of: { tenantId: string | null }, messageId: string): string {
  return `${of.tenantId ?? 'none'}:${messageId}`;
}
