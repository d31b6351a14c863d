import type { ServerSentEvent } from '../../lib/stream/event-parser.ts';
import type { Citation, Message, Sentence, Verdict } from '../../lib/api/types.ts';

/** What a stream of an answer says, in the order of the server. */
export type AnswerEvent =
  | { kind: 'started'; userMessageId: string; messageId: string }
  | { kind: 'delta'; text: string }
  | { kind: 'checked'; verdict: Verdict; sentences: Sentence[]; citations: Citation[] }
  | { kind: 'replaced'; content: string; verdict: Verdict; citations: Citation[] }
  | { kind: 'titled'; title: string }
  | { kind: 'done'; message: Message }
  | { kind: 'error'; code: string; detail: string };

const kinds = new Set(['started', 'delta', 'checked', 'replaced', 'titled', 'done', 'error']);

/** Reads one event; null for a kind that a later server may add. */
export function readAnswerEvent({ event, data }: ServerSentEvent): AnswerEvent | null {
  if (!kinds.has(event)) return null;
  return { kind: event, ...(JSON.parse(data) as object) } as AnswerEvent;
}

export function isLast(event: AnswerEvent): boolean {
  return event.kind === 'done' || event.kind === 'error';
}
