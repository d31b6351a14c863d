import { ApiProblem, toProblem } from '../../lib/api/api-problem.ts';
import { readEvents } from '../../lib/stream/read-events.ts';
import { isLast, readAnswerEvent } from './answer-event.ts';
import type { AnswerEvent } from './answer-event.ts';

export interface FollowParts {
  /** Starts the answer, or null to pick up one that runs already (`messageId` is then known). */
  begin: (() => Promise<Response>) | null;
  messageId: string | null;
  /** Opens the stream of events after the given id; 0 means all of them. */
  resume: (messageId: string, after: number) => Promise<Response>;
  wait: (milliseconds: number) => Promise<void>;
  onEvent: (event: AnswerEvent) => void;
  onConnection: (state: 'connected' | 'lost') => void;
  signal: AbortSignal;
}

const pauses = [300, 1000, 2000, 4000, 8000, 15_000, 30_000];

/**
 * Follows one answer to its end. A broken line is picked up after the last event seen, in the
 * server's order, each event once. Throws an ApiProblem when the answer cannot be followed.
 */
export async function followAnswer(parts: FollowParts): Promise<void> {
  let { messageId } = parts;
  let lastId = 0;
  let failures = 0;
  let begin = parts.begin;

  const readAll = async (response: Response): Promise<boolean> => {
    if (!response.ok) throw await ApiProblem.read(response);
    parts.onConnection('connected');
    for await (const sent of readEvents(response)) {
      const id = Number(sent.id);
      if (sent.id !== '' && id <= lastId) continue;
      const event = readAnswerEvent(sent);
      lastId = sent.id === '' ? lastId : id;
      failures = 0;
      if (!event) continue;
      if (event.kind === 'started') messageId = event.messageId;
      parts.onEvent(event);
      if (isLast(event)) return true;
    }
    return false;
  };

  for (;;) {
    try {
      const opened = begin ? begin() : parts.resume(messageId ?? '', lastId);
      begin = null;
      if (await readAll(await opened)) return;
    } catch (error) {
      if (parts.signal.aborted) return;
      const problem = toProblem(error);
      // A refusal is final; so is a lost line before the server said which answer it is writing.
      if ((problem.status >= 400 && problem.status < 500) || messageId === null) throw problem;
      if (failures >= pauses.length) throw problem;
    }
    if (parts.signal.aborted) return;
    if (messageId === null || failures >= pauses.length) throw ApiProblem.unreachable();
    parts.onConnection('lost');
    await parts.wait(pauses[failures] ?? 30_000);
    failures += 1;
  }
}
