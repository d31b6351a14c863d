import { describe, expect, it } from '@jest/globals';
import type { AnswerEvent } from './answer-event.ts';
import { followAnswer } from './follow-answer.ts';

const line = (id: number, event: string, data: object): string =>
  `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
const started = line(1, 'started', { userMessageId: 'u-1', messageId: 'm-1' });
const delta = (id: number, text: string): string => line(id, 'delta', { text });
const done = (id: number): string => line(id, 'done', { message: {} });

/** A response whose line breaks after the given text. */
function broken(text: string): Response {
  let sent = false;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (sent) {
        controller.error(new TypeError('network error'));
        return;
      }
      sent = true;
      controller.enqueue(new TextEncoder().encode(text));
    },
  });
  return new Response(body);
}

async function follow(first: Response | null, resumed: Response[], stop = new AbortController()) {
  const events: AnswerEvent[] = [];
  const asked: number[] = [];
  const pauses: number[] = [];
  await followAnswer({
    begin: first && (async () => first),
    messageId: first ? null : 'm-1',
    resume: async (_messageId, after) => {
      asked.push(after);
      const next = resumed.shift();
      if (!next) throw new TypeError('Failed to fetch');
      return next;
    },
    wait: async (milliseconds) => void pauses.push(milliseconds),
    onEvent: (event) => void events.push(event),
    onConnection: () => undefined,
    signal: stop.signal,
  });
  const text = events.map((event) => (event.kind === 'delta' ? event.text : '')).join('');
  return { text, asked, pauses, last: events.at(-1)?.kind };
}

describe('following an answer', () => {
  it('hands on a refusal at once, with its code', async () => {
    const refusal = Response.json({ code: 'model_missing', detail: 'Pull it.' }, { status: 409 });
    await expect(follow(refusal, [])).rejects.toMatchObject({ code: 'model_missing', status: 409 });
  });

  it('gives up when the line breaks before the server named the answer', async () => {
    await expect(follow(broken(': hello\n\n'), [])).rejects.toMatchObject({ code: 'unreachable' });
  });

  it('gives up after a bounded number of tries', async () => {
    await expect(follow(broken(started), [])).rejects.toMatchObject({ code: 'unreachable' });
  });

  it('picks a broken line up after the last event, and takes no event twice', async () => {
    const { text, asked, last } = await follow(broken(started + delta(2, 'Thirty ')), [
      broken(delta(2, 'Thirty ') + delta(3, 'days')),
      new Response(delta(4, '.') + done(5)),
    ]);
    expect(text).toBe('Thirty days.');
    expect(asked).toEqual([2, 3]);
    expect(last).toBe('done');
  });

  it('reads a running answer from its beginning after a reload', async () => {
    const { text, asked } = await follow(null, [new Response(started + delta(2, 'All') + done(3))]);
    expect(text).toBe('All');
    expect(asked).toEqual([0]);
  });
});
