import { describe, expect, it } from '@jest/globals';
import { createEventParser } from './event-parser.ts';

const stream =
  'id: 1\nevent: delta\ndata: {"text":"Grüße"}\n\n: ping\n\nid: 2\nevent: done\ndata: {}\n\n';

describe('the parser of server-sent events', () => {
  it('gives nothing for a comment, an event without data and a half event', () => {
    const parse = createEventParser();
    expect(parse(': keep-alive\n\n')).toEqual([]);
    expect(parse('event: delta\n\n')).toEqual([]);
    expect(parse('data: half')).toEqual([]);
  });

  it('gives the same events wherever the stream is cut', () => {
    const whole = createEventParser()(stream);
    expect(whole).toEqual([
      { id: '1', event: 'delta', data: '{"text":"Grüße"}' },
      { id: '2', event: 'done', data: '{}' },
    ]);
    for (let cut = 0; cut <= stream.length; cut += 1) {
      const parse = createEventParser();
      expect([...parse(stream.slice(0, cut)), ...parse(stream.slice(cut))]).toEqual(whole);
    }
  });

  it('takes every kind of line end, also one cut between CR and LF', () => {
    const parse = createEventParser();
    const events = [
      ...parse('data: a\r'),
      ...parse('\ndata: b\r\n'),
      ...parse('\r\ndata: c\r\r'),
      ...parse('x'),
    ];
    expect(events.map(({ data }) => data)).toEqual(['a\nb', 'c']);
  });
});
