import { describe, expect, it } from '@jest/globals';
import { checkDefinerFunctions } from './check-definer-functions.ts';
import { checkRowChanges, checkTenantTables } from './check-migrations.ts';
import { splitSql } from './split-sql.ts';

const GOOD_TABLE = `
create table notes (
  id uuid primary key,
  tenant_id uuid not null check (tenant_id = {{tenant_id}}),
  body text not null -- a comment; with a semicolon
);
alter table notes enable row level security;
alter table notes force row level security;
create policy tenant on notes
  using (tenant_id = (select control.tenant())) with check (tenant_id = (select control.tenant()));
grant select, insert on notes to {{tenant}};`;

const GOOD_FUNCTION = `
create function control.look() returns uuid language sql security definer
set search_path = pg_catalog, pg_temp
as $$ select 1; select ';' $$;
revoke execute on all functions in schema control from public;`;

const file = (text: string) => [{ path: 'm.sql', text }];
const without = (text: string, part: RegExp): string => {
  const broken = text.replace(part, '');
  expect(broken).not.toBe(text);
  return broken;
};

describe('checkTenantTables', () => {
  it.each([
    ['a tenant id', /tenant_id uuid not null check .*,/, 'tenant_id uuid'],
    ['a tenant id that may not be null', / not null(?= check)/, 'not null'],
    ['the tie to its schema', / check \(tenant_id = {{tenant_id}}\)/, 'does not tie'],
    ['row security', /alter table notes enable.*/, 'does not ENABLE'],
    ['row security for its owner', /alter table notes force.*/, 'does not FORCE'],
    ['a policy', /create policy[^;]*;/, 'no policy'],
    ['a policy that asks for the tenant', /using .*\n/, 'no policy'],
    ['a grant', /grant .*/, 'granted to no role'],
  ])('ISO-10: refuses a tenant table without %s', (_what, part, fault) => {
    expect(checkTenantTables(file(without(GOOD_TABLE, part)))).toEqual(
      expect.arrayContaining([expect.stringContaining(fault)]),
    );
  });
  it('ISO-10: is not content with the row security of another table', () => {
    const text = GOOD_TABLE.replaceAll('alter table notes', 'alter table notes_archive');
    expect(checkTenantTables(file(text))).toHaveLength(2);
  });
  it('allows a table that has it all', () => {
    expect(checkTenantTables(file(GOOD_TABLE))).toEqual([]);
  });
});

describe('checkDefinerFunctions', () => {
  it.each([
    ['no search_path', /set search_path.*/, 'search_path'],
    ['no pg_temp', /, pg_temp/, 'search_path'],
    ['pg_temp first', /pg_catalog, (?=pg_temp)/, ''],
    ['EXECUTE for PUBLIC', /revoke.*/, 'PUBLIC'],
  ])('ISO-10: refuses a definer function with %s', (what, part, fault) => {
    const broken =
      what === 'pg_temp first'
        ? GOOD_FUNCTION.replace('pg_catalog, pg_temp', 'pg_temp, pg_catalog')
        : without(GOOD_FUNCTION, part);
    expect(checkDefinerFunctions(file(broken))).toEqual([expect.stringContaining(fault)]);
  });
  it('allows a pinned one, and a plain function', () => {
    expect(checkDefinerFunctions(file(GOOD_FUNCTION))).toEqual([]);
    expect(checkDefinerFunctions(file('create function a.b() returns int as $$ $$;'))).toEqual([]);
  });
});

describe('splitSql', () => {
  it('ends a statement at no semicolon inside a string, a name, a comment or a body', () => {
    const sql = `-- a;\nselect ';', "b;";\n/* c; */\ndo $x$ begin; end $x$;`;
    expect(splitSql(sql)).toEqual([
      { text: `select ';', "b;"`, line: 2 },
      { text: 'do $x$ begin; end $x$', line: 4 },
    ]);
  });
});

describe('checkRowChanges', () => {
  const late = (text: string) => [{ path: 'server/migrations/tenant/0007-x.sql', text }];

  it.each([
    "update documents set name = 'x';",
    'do $$ begin\n  delete from chunks;\nend $$;',
    'insert into embedding_models (id) values (1);',
  ])('finds %s', (text) => {
    expect(checkRowChanges(late(text))).toEqual([expect.stringContaining('changes rows')]);
  });

  it('takes grants and policies, and what was released before there were seals', () => {
    expect(checkRowChanges(late('grant select (id), update (id) on documents to x;'))).toEqual([]);
    const early = { path: 'server/migrations/tenant/0005-keys.sql', text: 'update a set b = 1;' };
    expect(checkRowChanges([early])).toEqual([]);
  });
});
