import { describe, expect, it } from '@jest/globals';
import { servesInstead } from './serves-instead.ts';

describe('servesInstead', () => {
  it('DEP-06: takes nothing but a later key service for the one that is pinned', () => {
    expect(servesInstead('openbao', '2.6.2', '2.7.2')).toBe(false);
    expect(servesInstead('postgresql', '18.6', '18.5')).toBe(false);
    expect(servesInstead('ollama', '0.25.0', '0.24.0')).toBe(false);
    expect(servesInstead('openbao', '2.10.0', '2.7.2')).toBe(true);
  });
});
