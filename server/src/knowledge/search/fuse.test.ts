import { describe, expect, it } from '@jest/globals';
import { fuse } from './fuse.ts';

const candidate = (chunkId: string, nearness: number | null) => ({ chunkId, nearness, words: '' });
const order = (...args: Parameters<typeof fuse>) => fuse(...args).map(({ chunkId }) => chunkId);

describe('fuse', () => {
  it('gives nothing for nothing', () => expect(fuse([], [])).toEqual([]));

  it('goes by words where the model tells no difference', () => {
    expect(order([candidate('a', 0.5), candidate('b', 0.5)], [1, 2])).toEqual(['b', 'a']);
  });
  it('goes by meaning where words tell no difference', () => {
    expect(order([candidate('a', 0.1), candidate('b', 0.9)], [0, 0])).toEqual(['b', 'a']);
  });
  it('does not let a little meaning outvote the words', () => {
    expect(order([candidate('a', 0.3), candidate('b', 0.5)], [10, 2])).toEqual(['a', 'b']);
  });
  it('takes a passage without a vector by its words', () => {
    expect(order([candidate('a', null), candidate('b', 0.2)], [10, 1])).toEqual(['a', 'b']);
  });
  it('keeps one order for equals', () => {
    expect(order([candidate('b', 0), candidate('a', 0)], [1, 1])).toEqual(['a', 'b']);
  });
});
