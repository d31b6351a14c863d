import { describe, expect, it } from '@jest/globals';
import { isContract } from './pending-migrations.ts';

describe('what a migration does', () => {
  it.each([
    'drop table notes;',
    'ALTER TABLE a DROP COLUMN b;',
    'alter table a rename column b to c;',
    'alter table a alter column b set not null;',
    'alter table a alter column b type text;',
    '-- casemate: contract\nselect 1;',
  ])('DEP-06: takes away: %s', (sql) => expect(isContract(sql)).toBe(true));

  it.each([
    'create table a (b text);',
    'alter table a add column b text; -- drop column later',
    'alter table a drop constraint b, add constraint b check (true);',
    'drop index a;',
    '-- casemate: expand, the column was never read\nalter table a drop column b;',
  ])('serves both: %s', (sql) => expect(isContract(sql)).toBe(false));
});
