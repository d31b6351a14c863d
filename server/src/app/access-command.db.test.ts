import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startAppliance, testConfig, type TestAppliance } from '../../tests/test-appliance.ts';
import { newId } from '../platform/index.ts';
import { accessCommand } from './access-command.ts';

describe('who may do what, on the host', () => {
  let appliance: TestAppliance;
  let tenant: string;
  const run = (wish: object): Promise<unknown> =>
    accessCommand(testConfig(appliance.config.CASEMATE_DATABASE_NAME), JSON.stringify(wish));
  const query = (text: string, values: unknown[] = [tenant]) =>
    appliance.superuser.query(text, values);

  beforeAll(async () => {
    appliance = await startAppliance();
    tenant = await appliance.makeTenant();
  });
  afterAll(() => appliance.stop());

  it.each([
    [{ do: 'levels.set', feature: 'telepathy', level: '1' }],
    [{ do: 'levels.set', feature: 'chat', level: '101' }],
    [{ do: 'levels.set', feature: 'chat', level: 'high' }],
    [{ do: 'visits.end', id: '1' }],
    [{ do: 'visits.approve', id: newId() }],
  ])('RBA-02: refuses %j', async (wish) => {
    await expect(run({ tenant, ...wish })).rejects.toMatchObject({ code: 'invalid_input' });
  });

  it('RBA-02: sets what one feature needs and leaves the others, which the audit log tells', async () => {
    await expect(run({ do: 'levels.show', tenant: newId() })).rejects.toThrow('No such tenant');
    await run({ do: 'levels.set', tenant, feature: 'search', level: '60' });
    await run({ do: 'levels.set', tenant, feature: 'chat', level: '0' });
    expect(await run({ do: 'levels.show', tenant })).toMatchObject({
      features: expect.arrayContaining([
        expect.objectContaining({ name: 'search', needed: 60 }),
        expect.objectContaining({ name: 'chat', needed: 0 }),
      ]),
    });
    const { rows } = await query(
      `select actor_kind as kind from control.audit_events
       where action = 'feature_levels.update' and tenant_id = $1`,
    );
    expect(rows).toEqual([{ kind: 'system' }, { kind: 'system' }]);
    // Over levels that somebody else wrote nothing is set one by one.
    await query(`update control.feature_levels set minimum = '{}' where tenant_id = $1`);
    await expect(
      run({ do: 'levels.set', tenant, feature: 'search', level: '1' }),
    ).rejects.toMatchObject({ code: 'not_allowed_now' });
  });

  it('RBA-01: lists custom roles, and takes one that somebody else wrote away', async () => {
    await query(
      `insert into control.custom_roles (id, tenant_id, name, permissions, seal)
       values (gen_random_uuid(), $1, 'All', '{documents.write}', sha256('x'))`,
    );
    const { roles } = (await run({ do: 'roles.list', tenant })) as { roles: object[] };
    expect(roles).toEqual([expect.objectContaining({ name: 'All', trusted: false })]);
    const none = { do: 'roles.delete', tenant, role: 'Nobody' };
    await expect(run(none)).rejects.toMatchObject({ code: 'not_found' });
    expect(await run({ ...none, role: 'All' })).toMatchObject({ name: 'All', members: 0 });
    expect(await run({ do: 'roles.list', tenant })).toEqual({ roles: [] });
  });

  it('AUT-06: stops a connection that somebody else wrote, and gives no secret or setting away', async () => {
    await query(
      `insert into control.connections (id, tenant_id, kind, name, state, settings, domains, mappings,
         just_in_time, seal)
       values (gen_random_uuid(), $1, 'oidc', 'Thief', 'active', '{"clientId":"hidden"}', '{}', '[]', true,
         sha256('x'))`,
    );
    const list = async (): Promise<{ id: string }[]> => {
      const wish = { do: 'connections.list', tenant: null };
      return ((await run(wish)) as { connections: { id: string }[] }).connections;
    };
    const [found] = await list();
    expect(found).toMatchObject({ name: 'Thief', state: 'active', sound: false });
    expect(JSON.stringify(found)).not.toContain('hidden');
    await expect(run({ do: 'connections.stop', id: newId() })).rejects.toThrow(
      'No such connection',
    );
    await run({ do: 'connections.stop', id: found?.id });
    expect(await list()).toEqual([expect.objectContaining({ state: 'off', sound: false })]);
  });

  it('RBA-01: ends a visit', async () => {
    const { accountId } = await appliance.makePerson();
    const id = newId();
    await query(
      `insert into control.visits (id, tenant_id, account_id, reason, minutes, seal)
       values ($1, $2, $3, 'The index of the library is slow', 60, sha256('x'))`,
      [id, tenant, accountId],
    );
    await expect(run({ do: 'visits.end', id: newId() })).rejects.toMatchObject({
      code: 'not_found',
    });
    expect(await run({ do: 'visits.end', id })).toEqual({ id });
    const { visits } = (await run({ do: 'visits.list', tenant })) as { visits: object[] };
    expect(visits).toEqual([expect.objectContaining({ id, phase: 'refused' })]);
  });
});
