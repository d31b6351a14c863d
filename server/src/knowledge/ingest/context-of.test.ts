import { describe, expect, it } from '@jest/globals';
import { contextOf } from './context-of.ts';

describe('contextOf', () => {
  it('takes the innermost headings', () => {
    expect(contextOf('x.md', ['A', 'B', 'C', 'D'])).toBe('B · C · D');
  });
  it('takes the name of a document without headings', () => {
    expect(contextOf('travel_policy-2026.v2.pdf', [])).toBe('travel policy 2026.v2');
  });
  it('bounds what a heading can take', () => {
    expect(contextOf('x.md', ['long '.repeat(100)])).toHaveLength(200);
  });
});
