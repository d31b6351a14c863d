import { describe, expect, it } from '@jest/globals';
import { matrixAsCsv } from './matrix-as-csv.ts';

const route = {
  method: 'GET',
  path: '/api/a',
  guard: 'tenant',
  permission: 'documents.read',
  feature: 'documents',
  stepUp: false,
  passes: ['tenant admin'],
};

describe('matrixAsCsv', () => {
  it('says who may, and says nothing where nobody may', () => {
    const text = matrixAsCsv(
      [route, { ...route, passes: ['anybody'] }],
      ['tenant member', 'tenant admin'],
    );
    expect(text.split('\r\n')).toEqual([
      '"route","guard","permission","feature","fresh factor","tenant member","tenant admin"',
      '"GET /api/a","tenant","documents.read","documents","","","may"',
      '"GET /api/a","tenant","documents.read","documents","","may","may"',
      '',
    ]);
  });
});
