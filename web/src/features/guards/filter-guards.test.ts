import { describe, expect, it } from '@jest/globals';
import { filterGuards } from './filter-guards.ts';

const items = [
  { path: '/api/me', passes: ['signed in'], fault: null },
  { path: '/api/tenants', passes: ['platform admin'], fault: null },
  { path: '/api/open', passes: ['anybody'], fault: 'It has no guard' },
];

describe('filterGuards', () => {
  it('finds nothing for a word that is nowhere', () => {
    expect(filterGuards(items, 'nowhere')).toEqual([]);
  });

  it('puts what is at fault first, and keeps the rest in order', () => {
    expect(filterGuards(items, '').map(({ path }) => path)).toEqual([
      '/api/open',
      '/api/me',
      '/api/tenants',
    ]);
  });

  it('wants every word, in whatever field and case', () => {
    expect(filterGuards(items, 'ADMIN tenants').map(({ path }) => path)).toEqual(['/api/tenants']);
  });
});
