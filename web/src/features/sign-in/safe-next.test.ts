import { describe, expect, it } from '@jest/globals';
import { safeNext } from './safe-next.ts';

describe('the place after sign-in', () => {
  it('is never another site', () => {
    for (const next of [
      '//evil.test',
      '/\\evil.test',
      'https://evil.test',
      'javascript:alert(1)',
      '/\t/evil.test',
      '',
    ]) {
      expect(safeNext(next)).not.toContain('evil');
      expect(safeNext(next)).toMatch(/^\/(?![/\\])/);
    }
    expect(safeNext(null)).toBe('/');
  });

  it('keeps a path with its query', () => {
    expect(safeNext('/t/1/documents/2?passage=3')).toBe('/t/1/documents/2?passage=3');
  });
});
