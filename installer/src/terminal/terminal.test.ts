import { describe, expect, it } from '@jest/globals';
import { formatDuration, formatTable, painter } from './terminal.ts';

describe('painter', () => {
  it.each([
    [{ isTTY: false }, {}],
    [{ isTTY: true }, { NO_COLOR: '1' }],
    [{ isTTY: true }, { TERM: 'dumb' }],
  ])('leaves a text alone on %j with %j', (stream, env) => {
    expect(painter(stream, env)('red', 'x')).toBe('x');
  });

  it('colours on a terminal', () => {
    expect(painter({ isTTY: true }, {})('red', 'x')).toBe('\u001b[31mx\u001b[39m');
  });
});

it('formats durations as people say them', () => {
  expect([40, 9949, 9950, 61_000, 185_000].map(formatDuration)).toEqual([
    '0.0 s',
    '9.9 s',
    '10 s',
    '61 s',
    '3 min 05 s',
  ]);
});

it('aligns columns and leaves no blank at the end', () => {
  expect(
    formatTable([
      ['a', 'b'],
      ['long', ''],
    ]),
  ).toBe('a     b\nlong');
});
