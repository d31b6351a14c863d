/** One server-sent event; `id` is the last id seen so far, as the standard has it. */
export interface ServerSentEvent {
  id: string;
  event: string;
  data: string;
}

/**
 * Turns chunks of text into server-sent events, wherever the chunks were cut.
 * Source: https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
 */
export function createEventParser(): (chunk: string) => ServerSentEvent[] {
  let rest = '';
  let id = '';
  let event = '';
  let data: string[] = [];

  const takeField = (line: string): void => {
    const colon = line.indexOf(':');
    const name = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (name === 'data') data.push(value);
    else if (name === 'event') event = value;
    else if (name === 'id' && !value.includes('\0')) id = value;
  };

  return (chunk) => {
    const events: ServerSentEvent[] = [];
    const text = rest + chunk;
    // A carriage return at the very end may be the first half of a CRLF: keep it for the next chunk.
    const whole = text.endsWith('\r') ? text.slice(0, -1) : text;
    const lines = whole.split(/\r\n|\r|\n/);
    rest = (lines.pop() ?? '') + text.slice(whole.length);
    for (const line of lines) {
      if (line !== '') {
        takeField(line);
        continue;
      }
      if (data.length > 0) events.push({ id, event: event || 'message', data: data.join('\n') });
      data = [];
      event = '';
    }
    return events;
  };
}
