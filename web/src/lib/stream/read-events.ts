import { createEventParser } from './event-parser.ts';
import type { ServerSentEvent } from './event-parser.ts';

/** The events of a response as they arrive; ends when the server ends it, throws when the line breaks. */
export async function* readEvents(response: Response): AsyncGenerator<ServerSentEvent> {
  if (!response.body) return;
  const parse = createEventParser();
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield* parse(value);
    }
  } finally {
    // Leaving early must free the connection: a browser has only a few per server.
    await reader.cancel().catch(() => undefined);
  }
}
