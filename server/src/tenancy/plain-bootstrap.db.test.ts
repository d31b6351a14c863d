import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startAppliance, type TestAppliance } from '../../tests/test-appliance.ts';

const file = path.resolve(import.meta.dirname, '../../../helm/casemate/files/bootstrap.sql');

/** Roles, what they may become, and what they may do here: all that bootstrap.sql gives. */
const rights = `select jsonb_build_object(
  'roles', (select jsonb_agg(to_jsonb(role) - 'oid' order by role.rolname)
            from pg_roles role where role.rolname ~ '^casemate_(?!t_)'),
  'memberships', (select jsonb_agg(
      jsonb_build_array(member.member::regrole, member.roleid::regrole, member.inherit_option,
        member.set_option, member.admin_option)
      order by member.member::regrole::text, member.roleid::regrole::text)
    from pg_auth_members member where member.roleid::regrole::text ~ '^casemate_'
      and member.member::regrole::text ~ '^casemate_'),
  'functions', (select jsonb_agg(jsonb_build_array(proc.oid::regprocedure, proc.proacl::text,
        proc.proleakproof) order by proc.oid::regprocedure::text)
    from pg_proc proc where proc.pronamespace = 'casemate_rotation'::regnamespace
      or proc.proleakproof),
  'extensions', (select jsonb_agg(extname order by extname) from pg_extension)) as rights`;

/** CloudNativePG runs SQL through a driver: no command of psql may be in it, and the effect is the same. */
describe('the bootstrap of a database without psql', () => {
  let appliance: TestAppliance;

  beforeAll(async () => {
    appliance = await startAppliance({}, { programs: 'none' });
  });
  afterAll(() => appliance.stop());

  it('DEP-03: runs as one text, and changes nothing where psql has run the original', async () => {
    const read = async (): Promise<unknown> =>
      (await appliance.superuser.query<{ rights: unknown }>(rights)).rows[0]?.rights;
    const before = await read();
    // The twin: what this reads sees a role that is not as it should be.
    await appliance.superuser.query('alter role casemate_rotator connection limit 4');
    expect(await read()).not.toEqual(before);
    await appliance.superuser.query(readFileSync(file, 'utf8'));
    expect(await read()).toEqual(before);
  });
});
