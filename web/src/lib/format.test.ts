import { describe, expect, it } from '@jest/globals';
import { formatBytes, plural } from './format.ts';

describe('formatting', () => {
  it('keeps nothing and huge sizes readable', () => {
    expect(formatBytes(0)).toBe('0 bytes');
    expect(formatBytes(3.2e15)).toBe('3,200 TB');
  });

  it('uses the unit a person would use', () => {
    expect(formatBytes(1536)).toBe('1.5 kB');
    expect(formatBytes(10_000_000)).toBe('10 MB');
  });

  it('picks the wording by number', () => {
    const words = { one: '# document', other: '# documents' };
    expect([0, 1, 1200].map((count) => plural(count, words))).toEqual([
      '0 documents',
      '1 document',
      '1,200 documents',
    ]);
  });
});
