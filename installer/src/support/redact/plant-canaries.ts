import type { Canary } from './canaries.ts';
import type { Input } from './redactor.ts';

/**
 * A copy of an input with every canary where such a thing could stand: in JSON as a value, as a key, in a
 * list, behind a text that is there and under a name that says what it is; in a log at the beginning, the
 * end, on a line that is there, and inside a line of JSON.
 */
export function plantCanaries({ path, format, text }: Input, list: readonly Canary[]): Input {
  if (format === 'json' || format === 'sql') {
    const planted = {
      was: appendFirst(JSON.parse(text), list.map(({ plant }) => plant).join(' ; ')),
      ...valuesOf(list),
    };
    return { path, format, text: JSON.stringify(planted) };
  }
  const lines = text.split('\n');
  const middle = Math.floor(lines.length / 2);
  // A private key has lines of its own, and cannot stand inside another.
  const single = list.filter(({ plant }) => !plant.includes('\n'));
  lines[middle] = `${lines[middle] ?? ''} ${single.map(({ plant }) => plant).join(' ; ')}`;
  const sentences = list.map(({ plant }) => `it said ${plant} and went on`);
  const json = JSON.stringify({ level: 'error', message: `x ${JSON.stringify(valuesOf(list))}` });
  const all = [...sentences, ...lines, json, JSON.stringify(valuesOf(list)), ...sentences];
  return { path, format, text: all.join('\n') };
}

const valuesOf = (list: readonly Canary[]): object => ({
  canaries: list.map(({ kind, plant }) => ({ kind, value: plant, note: `it is ${plant}, it was` })),
  [`key ${list.map(({ plant }) => plant).join(' ; ')}`]: true,
});

/** Behind the first text of a value, wherever that stands. */
function appendFirst(value: unknown, more: string): unknown {
  if (typeof value === 'string') return `${value} ${more}`;
  if (Array.isArray(value))
    return value.map((inner: unknown, index) => (index === 0 ? appendFirst(inner, more) : inner));
  if (typeof value !== 'object' || value === null) return value;
  const [first, ...rest] = Object.entries(value);
  return first ? Object.fromEntries([[first[0], appendFirst(first[1], more)], ...rest]) : value;
}
