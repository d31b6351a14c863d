import { describe, expect, it } from '@jest/globals';
import { compareMigrations } from './schema-commands.ts';

describe('the version of the schema', () => {
  const own = ['0001-a.sql', '0002-b.sql', 'tenant/0001-c.sql'];

  it('DEP-03: sees that a later version has migrated the database', () => {
    const { unknown } = compareMigrations(own, [...own, '0003-later.sql']);
    expect(unknown).toEqual(['0003-later.sql']);
  });

  it('DEP-03: sees what the database lacks, and nothing in one that fits', () => {
    expect(compareMigrations(own, ['0001-a.sql']).missing).toEqual([
      '0002-b.sql',
      'tenant/0001-c.sql',
    ]);
    expect(compareMigrations(own, own)).toEqual({ missing: [], unknown: [] });
  });
});
