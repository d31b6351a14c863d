import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { groupCalls, type Group } from '../../../tests/group-calls.ts';
import { partsInfo } from '../../../tests/parts-info.ts';
import { signInPerson, type SignedIn } from '../../../tests/sign-in-person.ts';
import { startAppliance, type TestAppliance } from '../../../tests/test-appliance.ts';
import { startServer, type Answer, type TestServer } from '../../../tests/test-server.ts';
import { soon } from '../../../tests/soon.ts';
import { newId } from '../../platform/index.ts';

/** As long as any process may go on believing what it knew of a session. */

describe('groups', () => {
  let appliance: TestAppliance;
  let server: TestServer;
  let tenant: string;
  let other: string;
  let admin: SignedIn;
  let elsewhere: SignedIn;

  beforeAll(async () => {
    appliance = await startAppliance({ CASEMATE_ANONYMOUS_PER_MINUTE: 10_000 });
    server = await startServer(appliance.config);
    [tenant, other] = [await appliance.makeTenant(), await appliance.makeTenant()];
    admin = await signInPerson(appliance, { [tenant]: 'admin' });
    elsewhere = await signInPerson(appliance, { [other]: 'admin' });
  });
  afterAll(async () => {
    await server.stop();
    await appliance.stop();
  });

  const calls = groupCalls(() => ({ appliance, server, tenant, admin }));
  const { ask, make, roleOf, teamOf, memberOf, give, compose, upload } = calls;
  const events = async (action: string, resourceId: string): Promise<number> => {
    const { rows } = await appliance.superuser.query(
      'select from control.audit_events where action = $1 and resource_id = $2',
      [action, resourceId],
    );
    return rows.length;
  };

  it('RBA-01: nobody looks after groups but an administrator of the tenant itself', async () => {
    const member = await signInPerson(appliance, { [tenant]: 'member' });
    const reviewer = await signInPerson(appliance, { [tenant]: 'reviewer' });
    const operator = await signInPerson(appliance, {}, 'super_admin');
    const group = await make('admin');
    const attempts: [string, string, object?][] = [
      ['GET', ''],
      ['POST', '', { name: 'Mine', role: 'admin' }],
      ['GET', `/${group.id}`],
      ['PATCH', `/${group.id}`, { role: 'admin' }],
      ['PUT', `/${group.id}/members/${member.accountId}`],
      ['DELETE', `/${group.id}/members/${member.accountId}`],
      ['DELETE', `/${group.id}`],
    ];
    for (const [method, path, json] of attempts) {
      const statuses = [];
      for (const who of [member, reviewer, elsewhere, operator])
        statuses.push((await ask(method, path, { who, ...(json ? { json } : {}) })).status);
      expect([method, path, statuses]).toEqual([method, path, [403, 403, 404, 404]]);
    }
    // Under a tenant of one's own, another's group and people are not there.
    const mine = { who: elsewhere, of: other };
    expect((await ask('GET', `/${group.id}`, mine)).status).toBe(404);
    expect((await ask('PATCH', `/${group.id}`, { ...mine, json: { role: null } })).status).toBe(
      404,
    );
    expect((await ask('DELETE', `/${group.id}`, mine)).status).toBe(404);
    const own = await ask('POST', '', { ...mine, json: { name: 'Own', role: 'admin' } });
    const put = `/${own.json<Group>().id}/members/${member.accountId}`;
    expect((await ask('PUT', put, mine)).status).toBe(404);
    expect(await roleOf(member)).toBe('member');
    expect((await ask('GET', `/${group.id}`)).json<Group>()).toMatchObject({ role: 'admin' });
  });

  it('RBA-01: a group gives its role within seconds, and takes it again with the member, the role and itself', async () => {
    const person = await signInPerson(appliance, { [tenant]: 'member' });
    expect((await teamOf(person)).status).toBe(403);
    const group = await make('admin', [person]);
    expect(await roleOf(person)).toBe('admin');
    await soon();
    expect((await teamOf(person)).status).toBe(200);
    const nothingElse = { level: null, customRoles: [] };
    expect((await memberOf(person)).groups).toEqual([
      { id: group.id, name: group.name, role: 'admin', ...nothingElse },
    ]);
    await ask('DELETE', `/${group.id}/members/${person.accountId}`);
    await soon();
    expect((await teamOf(person)).status).toBe(403);
    await ask('PUT', `/${group.id}/members/${person.accountId}`);
    expect(await roleOf(person)).toBe('admin');
    expect((await ask('PATCH', `/${group.id}`, { json: { role: 'reviewer' } })).status).toBe(204);
    expect(await roleOf(person)).toBe('reviewer');
    expect((await ask('PATCH', `/${group.id}`, { json: { role: null } })).status).toBe(204);
    expect(await roleOf(person)).toBe('member');
    await ask('PATCH', `/${group.id}`, { json: { role: 'admin' } });
    expect(await roleOf(person)).toBe('admin');
    expect((await ask('DELETE', `/${group.id}`)).status).toBe(204);
    expect(await roleOf(person)).toBe('member');
    expect(await events('group.create', group.id)).toBe(1);
    expect(await events('group.members', group.id)).toBe(3);
    expect(await events('group.update', group.id)).toBe(3);
    expect(await events('group.remove', group.id)).toBe(1);
    expect(await events('membership.update', person.auditId)).toBe(7);
  });

  it('RBA-01: of several groups the highest role counts, and the own one stays what it was', async () => {
    const person = await signInPerson(appliance, { [tenant]: 'reviewer' });
    const [low, high] = [await make('member', [person]), await make('admin', [person])];
    expect(await roleOf(person)).toBe('admin');
    const lower = { token: admin.token, json: { role: 'member' } };
    const path = `/api/tenants/${tenant}/team/${person.accountId}`;
    expect((await server.ask('PATCH', path, lower)).status).toBe(409);
    await ask('DELETE', `/${high.id}`);
    expect(await roleOf(person)).toBe('reviewer');
    expect((await server.ask('PATCH', path, lower)).status).toBe(204);
    expect(await roleOf(person)).toBe('member');
    await ask('DELETE', `/${low.id}`);
  });

  it('RBA-02: a group gives a level and custom roles within seconds, and takes them again with the member', async () => {
    const person = await signInPerson(appliance, { [tenant]: 'member' });
    expect((await upload(person)).status).toBe(403);
    const id = await compose();
    const gives = { level: 70, customRoles: [id] };
    const group = await make(null, [person], gives);
    const higher = await make(null, [person], { level: 80 });
    expect(await memberOf(person)).toMatchObject({
      ...{ role: 'member', level: 80, customRoles: [id] },
      own: { role: 'member', level: null, customRoles: [] },
      groups: expect.arrayContaining([expect.objectContaining(gives)]),
    });
    await soon();
    expect((await upload(person)).status).toBe(202);
    // What is their own is changed beside it, below as well as above what groups give.
    expect(await give(person, { level: 30 })).toBe(204);
    expect(await memberOf(person)).toMatchObject({ level: 80, own: { level: 30 } });
    expect(await give(person, { level: 90, customRoles: [id] })).toBe(204);
    expect(await memberOf(person)).toMatchObject({ level: 90, customRoles: [id] });
    expect(await give(person, { level: null })).toBe(204);
    expect((await ask('DELETE', `/${higher.id}`)).status).toBe(204);
    expect(await memberOf(person)).toMatchObject({ level: 70, customRoles: [id] });
    const less = { json: { level: 40, customRoles: [] } };
    expect((await ask('PATCH', `/${group.id}`, less)).status).toBe(204);
    expect(await memberOf(person)).toMatchObject({ level: 50, customRoles: [id] });
    expect(await give(person, { customRoles: [] })).toBe(204);
    await ask('PATCH', `/${group.id}`, { json: { customRoles: [id] } });
    expect(await memberOf(person)).toMatchObject({ customRoles: [id], own: { customRoles: [] } });
    // A role of one's own and that of a group go each by themselves.
    expect((await ask('DELETE', `/${group.id}/members/${person.accountId}`)).status).toBe(204);
    expect(await memberOf(person)).toMatchObject({ level: 50, customRoles: [] });
    await soon();
    expect((await upload(person)).status).toBe(403);
  });

  it('RBA-01: a custom role that is deleted goes out of groups and out of everybody whom they gave it', async () => {
    const [one, two] = [
      await signInPerson(appliance, { [tenant]: 'member' }),
      await signInPerson(appliance, { [tenant]: 'member' }),
    ];
    const [gone, kept] = [await compose(), await compose()];
    const group = await make('reviewer', [one, two], { level: 60, customRoles: [gone, kept] });
    expect(await give(two, { customRoles: [gone] })).toBe(204);
    const path = `/api/tenants/${tenant}/roles/${gone}`;
    expect((await server.ask('DELETE', path, { token: admin.token })).status).toBe(204);
    const left = { role: 'reviewer', level: 60, customRoles: [kept] };
    expect((await ask('GET', `/${group.id}`)).json<Group>()).toMatchObject({
      ...left,
      trusted: true,
    });
    for (const person of [one, two]) {
      expect(await memberOf(person)).toMatchObject({ ...left, own: { customRoles: [] } });
      await ask('DELETE', `/${group.id}/members/${person.accountId}`);
      expect(await memberOf(person)).toMatchObject({ role: 'member', level: 50, customRoles: [] });
    }
  });

  it('RBA-01: nobody lets a group give what there is not, or what they have not', async () => {
    const foreign = await compose(other, elsewhere);
    const group = await make(null);
    for (const [more, status] of [
      [{ level: 101 }, 400],
      [{ level: -1 }, 400],
      [{ level: '70' }, 400],
      [{ customRoles: ['librarian'] }, 400],
      [{ customRoles: [newId()] }, 404],
      [{ customRoles: [foreign] }, 404],
    ] as const) {
      const made = await ask('POST', '', { json: { name: newId(), role: null, ...more } });
      expect([more, made.status]).toEqual([more, status]);
      expect((await ask('PATCH', `/${group.id}`, { json: more })).status).toBe(status);
    }
    expect((await ask('PATCH', `/${group.id}`, { json: { level: 100 } })).status).toBe(204);
  });

  it('RBA-01: whoever leaves the tenant leaves its groups, and brings no role back', async () => {
    const person = await signInPerson(appliance, { [tenant]: 'member' });
    const group = await make('admin', [person]);
    const path = `/api/tenants/${tenant}/team/${person.accountId}`;
    expect((await server.ask('DELETE', path, { token: admin.token })).status).toBe(204);
    const left = (await ask('GET', `/${group.id}`)).json<Group>();
    expect(left.members).toBe(0);
    expect((await ask('PUT', `/${group.id}/members/${person.accountId}`)).status).toBe(404);
  });

  it('RBA-01: no change of a group takes the last administrator away', async () => {
    const alone = await signInPerson(appliance, { [other]: 'member' });
    const mine = { who: elsewhere, of: other };
    const made = await ask('POST', '', { ...mine, json: { name: 'Admins', role: 'admin' } });
    const { id } = made.json<Group>();
    const member = `/${id}/members/${alone.accountId}`;
    await ask('PUT', member, mine);
    // The one with a role of their own goes; the group's alone is left.
    const team = `/api/tenants/${other}/team/${elsewhere.accountId}`;
    const gone = await server.ask('PATCH', team, { token: alone.token, json: { role: 'member' } });
    expect(gone.status).toBe(204);
    await soon();
    const theirs = { who: alone, of: other };
    expect((await ask('DELETE', member, theirs)).status).toBe(409);
    expect((await ask('PATCH', `/${id}`, { ...theirs, json: { role: 'member' } })).status).toBe(
      409,
    );
    expect((await ask('DELETE', `/${id}`, theirs)).status).toBe(409);
    expect(await roleOf(alone, other)).toBe('admin');
    // The twin: with a second administrator each of them goes.
    const back = { token: alone.token, json: { role: 'admin' } };
    expect((await server.ask('PATCH', team, back)).status).toBe(204);
    expect((await ask('DELETE', member, theirs)).status).toBe(204);
    expect(await roleOf(alone, other)).toBe('member');
  });

  it('RBA-01: two who take the last two administrators away at once leave one', async () => {
    const place = await appliance.makeTenant();
    const [one, two] = [
      await signInPerson(appliance, { [place]: 'admin' }),
      await signInPerson(appliance, { [place]: 'admin' }),
    ];
    const lower = (who: SignedIn): Promise<Answer> =>
      server.ask('PATCH', `/api/tenants/${place}/team/${who.accountId}`, {
        token: one.token,
        json: { role: 'member' },
      });
    const statuses = (await Promise.all([lower(one), lower(two)])).map(({ status }) => status);
    expect(statuses.filter((status) => status === 204)).toHaveLength(1);
    const roles = [await roleOf(one, place), await roleOf(two, place)];
    expect(roles.toSorted()).toEqual(['admin', 'member']);
  });

  it('a group of a directory is changed there; here it is given a role', async () => {
    const person = await signInPerson(appliance, { [tenant]: 'member' });
    const group = await make(null);
    await appliance.superuser.query(`update control.groups set source = 'scim' where id = $1`, [
      group.id,
    ]);
    // Another's hand has broken its seal: it is there to be removed, and gives nothing.
    expect((await ask('GET', `/${group.id}`)).status).toBe(404);
    const { groups } = (await ask('GET')).json<{ groups: Group[] }>();
    expect(groups.find(({ id }) => id === group.id)).toMatchObject({ trusted: false });
    expect((await ask('PUT', `/${group.id}/members/${person.accountId}`)).status).toBe(404);
    expect((await ask('DELETE', `/${group.id}`)).status).toBe(204);
  });

  it('what is sent beyond the words of a group is refused', async () => {
    const group = await make(null);
    for (const json of [
      { name: '', role: null },
      { name: 'x'.repeat(121), role: null },
      { name: 'x', role: 'super_admin' },
      { name: 'x', role: 'owner' },
      { name: 'x', role: null, source: 'scim' },
      { name: 'x\u0000', role: null },
    ])
      expect((await ask('POST', '', { json })).status).toBe(400);
    const taken = { json: { name: group.name.toUpperCase(), role: null } };
    expect((await ask('POST', '', taken)).status).toBe(409);
    expect((await ask('PUT', `/${group.id}/members/${newId()}`)).status).toBe(404);
  });

  describe('in the hands of whoever stole the password of the database', () => {
    let thief: pg.Client;

    beforeAll(async () => {
      const { socketDir: host, port } = partsInfo();
      const path = 'casemate-database/static-creds/casemate_server';
      const { password } = await appliance.parts.platform.vault.read(path);
      const database = appliance.config.CASEMATE_DATABASE_NAME;
      thief = new pg.Client({
        host,
        port,
        database,
        user: 'casemate_server',
        password: String(password),
      });
      await thief.connect();
    });
    afterAll(() => thief.end());

    it('ISO-05: a member that was put into a group there gets nothing of it', async () => {
      const [own, forged] = [
        await signInPerson(appliance, { [tenant]: 'member' }),
        await signInPerson(appliance, { [tenant]: 'member' }),
      ];
      const group = await make('admin', [own]);
      const seals = await thief.query<{ seal: Buffer }>(
        'select seal from control.group_members where group_id = $1',
        [group.id],
      );
      for (const seal of [Buffer.alloc(32, 7), seals.rows[0]?.seal]) {
        await thief.query(
          `insert into control.group_members (group_id, account_id, tenant_id, seal)
           values ($1, $2, $3, $4)
           on conflict (group_id, account_id) do nothing`,
          [group.id, forged.accountId, tenant, seal],
        );
        // Whatever settles the roles of its members next does not take them for one.
        const nudge = await make('member', [forged]);
        await ask('DELETE', `/${nudge.id}`);
        await ask('PATCH', `/${group.id}`, { json: { role: 'reviewer' } });
        await ask('PATCH', `/${group.id}`, { json: { role: 'admin' } });
        expect(await roleOf(forged)).toBe('member');
        await thief.query('delete from control.group_members where account_id = $1', [
          forged.accountId,
        ]);
      }
      expect(await roleOf(own)).toBe('admin');
    });

    it('ISO-05: a role that was written into a group there gives nothing', async () => {
      const person = await signInPerson(appliance, { [tenant]: 'member' });
      const group = await make(null, [person]);
      await thief.query(`update control.groups set role = 'admin' where id = $1`, [group.id]);
      const nudge = await make('member', [person]);
      expect(await roleOf(person)).toBe('member');
      await ask('PATCH', `/${nudge.id}`, { json: { role: 'reviewer' } });
      // The twin: the role of a group that the server wrote.
      expect(await roleOf(person)).toBe('reviewer');
    });

    it('RBA-02, ISO-05: a level and custom roles that were written there give nothing, and of one’s own the least', async () => {
      const person = await signInPerson(appliance, { [tenant]: 'member' });
      const id = await compose();
      const group = await make(null, [person], { level: 40 });
      await thief.query('update control.groups set level = 99, custom_roles = $2 where id = $1', [
        group.id,
        [id],
      ]);
      const nudge = await make(null, [person], { level: 60 });
      expect(await memberOf(person)).toMatchObject({ level: 60, customRoles: [] });
      // The own ones are in a row of their own seal once a group gave something.
      await thief.query(
        'update control.memberships set own_level = 99, own_custom_roles = $2 where account_id = $1',
        [person.accountId, [id]],
      );
      await ask('DELETE', `/${nudge.id}`);
      expect(await memberOf(person)).toMatchObject({ role: 'member', level: 0, customRoles: [] });
      expect(await give(person, { level: 50 })).toBe(204);
      expect(await memberOf(person)).toMatchObject({ level: 50, own: { level: 50 } });
    });

    it('ISO-05: a role of one’s own that was written there counts as the least', async () => {
      const person = await signInPerson(appliance, { [tenant]: 'reviewer' });
      const group = await make('member', [person]);
      await thief.query(`update control.memberships set own_role = 'admin' where account_id = $1`, [
        person.accountId,
      ]);
      await ask('DELETE', `/${group.id}`);
      expect(await roleOf(person)).toBe('member');
    });
  });
});
