import type { AnswerEvent } from '../answer.ts';

/** The events of one answer while this process writes it. */
export type AnswerStream = {
  push(kind: string, data: object): void;
  close(): void;
  readonly events: readonly AnswerEvent[];
  readonly lastId: number;
  /** Gives every event after `after`, past and to come; resolves when the answer ends or `signal` aborts. */
  follow(after: number, receive: (event: AnswerEvent) => void, signal: AbortSignal): Promise<void>;
};

/** `noted` is told after each event that followers have got. */
export function createAnswerStream(noted: () => void): AnswerStream {
  const events: AnswerEvent[] = [];
  const followers = new Set<(event: AnswerEvent) => void>();
  const ended = Promise.withResolvers<undefined>();
  return {
    events,
    get lastId() {
      return events.length;
    },
    push: (kind, data) => {
      const event = { id: events.length + 1, kind, data };
      events.push(event);
      for (const receive of followers) receive(event);
      noted();
    },
    close: () => ended.resolve(undefined),
    follow: async (after, receive, signal) => {
      for (const event of events.slice(after)) receive(event);
      followers.add(receive);
      const gone = Promise.withResolvers<undefined>();
      const leave = (): void => gone.resolve(undefined);
      signal.addEventListener('abort', leave, { once: true });
      if (signal.aborted) leave();
      await Promise.race([ended.promise, gone.promise]);
      signal.removeEventListener('abort', leave);
      followers.delete(receive);
    },
  };
}
