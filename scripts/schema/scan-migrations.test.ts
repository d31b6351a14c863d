import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { scanMigrations } from './scan-migrations.ts';

const control = (text: string) => scanMigrations([{ path: 'm/control/0099-x.sql', text }]);
const tenant = (text: string) => scanMigrations([{ path: 'm/tenant/0099-x.sql', text }]);

const good = `create table notes (
  tenant_id uuid not null check (tenant_id = {{tenant_id}}), body text);
alter table notes enable row level security;
alter table notes force row level security;
create policy notes_of_tenant on notes using (tenant_id = control.tenant());
grant select, insert on notes to {{tenant_role}};`;

describe('SUP-01: the scan of the schema', () => {
  it.each([
    ['a table without row security', good.replace(/alter table notes enable.*\n/, '')],
    ['a table whose owner passes row security', good.replace(/alter table notes force.*\n/, '')],
    ['a table without a policy', good.replace(/create policy.*\n/, '')],
    ['a table that any tenant id fits in', good.replace('check (tenant_id = {{tenant_id}})', '')],
    ['a policy for every row', `${good}\ncreate policy all_rows on notes using (true);`],
    ['rows that a sealed tenant would not let', `${good}\nupdate notes set body = '';`],
  ])('SUP-01: refuses %s', (_what, text) => {
    expect(tenant(text)).not.toEqual([]);
  });

  it.each([
    ['a grant to PUBLIC', 'grant select on control.tenants to public;'],
    [
      'a grant to PUBLIC among others',
      'grant select on control.tenants to casemate_server, PUBLIC;',
    ],
    ['a role above row security', 'alter role casemate_server with bypassrls;'],
    ['a superuser', 'create role helper login superuser;'],
    ['row security switched off', 'alter table control.jobs disable row level security;'],
    ['a view with the rights of its owner', 'create view control.v as select 1;'],
    ['the right to truncate', 'grant select, truncate on control.jobs to casemate_server;'],
    [
      'default privileges for PUBLIC',
      'alter default privileges in schema control grant execute on functions to public;',
    ],
    [
      'a definer function without a search path',
      `create function control.f() returns int language sql security definer as $$ select 1 $$;
       revoke all on function control.f() from public;`,
    ],
    [
      'a definer function that everybody may call',
      `create function control.f() returns int language sql security definer
       set search_path = control, pg_temp as $$ select 1 $$;`,
    ],
  ])('SUP-01: refuses %s', (_what, text) => {
    expect(control(text)).not.toEqual([]);
  });

  it('SUP-01: takes a migration that is as it should be', () => {
    expect(tenant(good)).toEqual([]);
    expect(
      control(`create role helper nologin nosuperuser nobypassrls;
        grant select, insert on control.jobs to casemate_server;
        revoke all on schema public from public;
        create view control.v with (security_invoker = true) as select 'grant all to public' as words;
        alter table control.jobs force row level security;`),
    ).toEqual([]);
  });

  it('SUP-01: the command ends with 1 at a bad file, and with 0 at all of ours', () => {
    const dir = mkdtempSync(path.join(tmpdir(), 'cms-'));
    try {
      mkdirSync(path.join(dir, 'tenant'));
      const file = path.join(dir, 'tenant', '0099-bad.sql');
      writeFileSync(file, 'create table t (x int);');
      const run = (...words: string[]) =>
        spawnSync(process.execPath, [path.join(import.meta.dirname, 'main.ts'), ...words], {
          encoding: 'utf8',
        });
      expect(run(file)).toMatchObject({
        status: 1,
        stderr: expect.stringContaining('0099-bad.sql:1'),
      });
      expect(run()).toMatchObject({
        status: 0,
        stdout: expect.stringMatching(/^\d\d+ migrations/),
      });
    } finally {
      rmSync(dir, { recursive: true });
    }
  });
});
