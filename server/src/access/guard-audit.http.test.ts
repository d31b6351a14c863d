import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { signInPerson, type SignedIn } from '../../tests/sign-in-person.ts';
import { startAppliance, type TestAppliance } from '../../tests/test-appliance.ts';
import { startServer, type TestServer } from '../../tests/test-server.ts';
import type { LiveFinding } from '../platform/index.ts';
import { accessChecks } from './access-checks.ts';
import type { GuardAudit } from './audit/audit-guards.ts';

describe('the audit of guards, live', () => {
  let appliance: TestAppliance;
  let server: TestServer;
  let admin: SignedIn;
  let member: SignedIn;

  beforeAll(async () => {
    appliance = await startAppliance();
    server = await startServer(appliance.config);
    admin = await signInPerson(appliance, {}, 'super_admin');
    member = await signInPerson(appliance, { [await appliance.makeTenant()]: 'admin' });
  });
  afterAll(async () => {
    await server.stop();
    await appliance.stop();
  });

  const ask = async (): Promise<GuardAudit> =>
    (await server.ask('GET', '/api/platform/guards', { token: admin.token })).json<GuardAudit>();
  const check = (control: string): Promise<LiveFinding> => {
    const found = accessChecks(() => []).find((one) => one.control === control);
    if (!found) throw new Error('no such check');
    return found.run(appliance.contextOf(null, null));
  };

  it('RBA-03: is not for strangers, nor for the administrator of a tenant', async () => {
    expect((await server.ask('GET', '/api/platform/guards')).status).toBe(401);
    const answer = await server.ask('GET', '/api/platform/guards', { token: member.token });
    expect(answer.status).toBe(403);
  });

  it('ISO-04: lists every route of the table that answers, itself too, without a fault', async () => {
    const { routes } = await ask();
    expect(routes.filter(({ fault }) => fault !== null)).toEqual([]);
    expect(routes.find(({ path }) => path === '/api/platform/guards')).toMatchObject({
      permission: 'guards.read',
      passes: ['platform admin'],
    });
    const described = (await server.ask('GET', '/api/openapi.json')).json<{
      paths: Record<string, object>;
    }>();
    const operations = Object.values(described.paths).flatMap((path) => Object.keys(path));
    expect(routes).toHaveLength(operations.length);
    // A table without routes proves nothing.
    expect(await check('ISO-04')).toMatchObject({ status: 'fail' });
  });

  it('ISO-11: lists every definer function of the database, without a fault', async () => {
    const { functions } = await ask();
    expect(functions.filter(({ fault }) => fault !== null)).toEqual([]);
    expect(functions.map(({ name }) => name)).toContain('control.tenant()');
    expect(await check('ISO-11')).toMatchObject({ status: 'pass' });
  });

  it.each([
    [
      'whose guard was taken out',
      `create or replace function control.cancel_jobs(job_subject uuid) returns void
         language plpgsql security definer set search_path = pg_catalog, pg_temp
         as $$ begin delete from control.jobs; end $$`,
      'is not the one that was reviewed',
    ],
    [
      'that only quotes its guard in a literal',
      `create or replace function control.remove_canary_account(canary uuid) returns void
         language plpgsql security definer set search_path = pg_catalog, pg_temp
         as $$ begin
           perform $quote$ noted.kind = 'account' $quote$;
           delete from control.accounts where id = canary;
         end $$`,
      'is not the one that was reviewed',
    ],
    [
      'that asks for its guard and does not heed it',
      `create or replace function control.drop_search_index(wanted uuid) returns void
         language plpgsql security definer set search_path = pg_catalog, pg_temp
         as $$ begin
           if exists (select from control.tenants t where t.tier = 'sealed' and t.sealed_at is not null)
           then null; end if;
         end $$`,
      'is not the one that was reviewed',
    ],
    [
      'that nobody reviewed, wherever it lies',
      `create function public.back_door() returns void language sql security definer
         set search_path = pg_catalog, pg_temp as 'select 1';
       revoke execute on function public.back_door() from public`,
      'Nobody reviewed',
    ],
    [
      'that was opened to everybody',
      'grant execute on function control.enqueue_job(uuid, text, uuid, integer) to public',
      'Everybody may execute it',
    ],
    [
      'whose search_path was loosened',
      'alter function control.tenant() set search_path = public',
      'pg_temp is not last',
    ],
  ])('ISO-11: draws a function %s loudly', async (_what, sql, words) => {
    // Its rightful twin: as the migrations made it, nothing is wrong with it.
    const name = /control\.\w+|public\.\w+/.exec(sql)?.[0] ?? '';
    const isIt = (one: { name: string }): boolean => one.name.startsWith(`${name}(`);
    expect((await ask()).functions.filter(isIt).filter(({ fault }) => fault !== null)).toEqual([]);
    await appliance.superuser.query(sql);
    const { functions: all, faults } = await ask();
    const functions = all.filter(isIt);
    expect(functions).toHaveLength(1);
    expect(faults).toBeGreaterThan(0);
    expect(functions.map(({ fault }) => fault).join()).toContain(words);
    const live = await check('ISO-11');
    expect(live.status).toBe('fail');
    expect(live.evidence).toContain(words);
  });
});
