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
      'has lost what guarded it',
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
    await appliance.superuser.query(sql);
    const { functions, faults } = await ask();
    expect(faults).toBeGreaterThan(0);
    expect(functions.map(({ fault }) => fault).join()).toContain(words);
    const live = await check('ISO-11');
    expect(live.status).toBe('fail');
    expect(live.evidence).toContain(words);
  });
});
