import { describe, expect, it } from '@jest/globals';
import { outlineOf } from './outline-of.ts';

describe('outlineOf', () => {
  it('gives nothing for a document without headings', () => {
    expect(outlineOf([{ chunkId: 'a', headings: [] }])).toEqual([]);
  });
  it('names each heading once, with its first passage', () => {
    const outline = outlineOf([
      { chunkId: 'a', headings: ['Guide'] },
      { chunkId: 'b', headings: ['Guide', 'Setup'] },
      { chunkId: 'c', headings: ['Guide', 'Setup'] },
      { chunkId: 'd', headings: ['Guide', 'Use', 'Daily'] },
    ]);
    expect(outline).toEqual([
      { title: 'Guide', level: 1, chunkId: 'a' },
      { title: 'Setup', level: 2, chunkId: 'b' },
      { title: 'Use', level: 2, chunkId: 'd' },
      { title: 'Daily', level: 3, chunkId: 'd' },
    ]);
  });
  it('names a heading again that comes back under another', () => {
    const outline = outlineOf([
      { chunkId: 'a', headings: ['One', 'Notes'] },
      { chunkId: 'b', headings: ['Two', 'Notes'] },
    ]);
    expect(outline.map(({ title }) => title)).toEqual(['One', 'Notes', 'Two', 'Notes']);
  });
});
