import { describe, expect, it } from '@jest/globals';
import { outlineOf } from './outline-of.ts';

const passage = (chunkId: string, headings: string[], page: number | null = null) => ({
  chunkId,
  headings,
  page,
  opening: 'One two three four five six seven eight',
});

describe('outlineOf', () => {
  it('gives nothing for a document without passages', () => {
    expect(outlineOf([])).toEqual([]);
  });
  it('names the pages of a document without headings', () => {
    const outline = outlineOf([passage('a', [], 1), passage('b', [], 1), passage('c', [], 3)]);
    expect(outline).toEqual([
      { title: 'Page 1', level: 1, chunkId: 'a' },
      { title: 'Page 3', level: 1, chunkId: 'c' },
    ]);
  });
  it('names the first words of passages that have neither headings nor pages', () => {
    expect(outlineOf([passage('a', [])])).toEqual([
      { title: 'One two three four five six seven …', level: 1, chunkId: 'a' },
    ]);
  });
  it('names each heading once, with its first passage', () => {
    const outline = outlineOf([
      passage('a', ['Guide']),
      passage('b', ['Guide', 'Setup']),
      passage('c', ['Guide', 'Setup']),
      passage('d', ['Guide', 'Use', 'Daily']),
    ]);
    expect(outline).toEqual([
      { title: 'Guide', level: 1, chunkId: 'a' },
      { title: 'Setup', level: 2, chunkId: 'b' },
      { title: 'Use', level: 2, chunkId: 'd' },
      { title: 'Daily', level: 3, chunkId: 'd' },
    ]);
  });
  it('names a heading again that comes back under another', () => {
    const outline = outlineOf([passage('a', ['One', 'Notes']), passage('b', ['Two', 'Notes'])]);
    expect(outline.map(({ title }) => title)).toEqual(['One', 'Notes', 'Two', 'Notes']);
  });
});
