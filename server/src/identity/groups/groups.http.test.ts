import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { partsInfo } from '../../../tests/parts-info.ts';
import { signInPerson, type SignedIn } from '../../../tests/sign-in-person.ts';
import { startAppliance, type TestAppliance } from '../../../tests/test-appliance.ts';
import { startServer, type Answer, type TestServer } from '../../../tests/test-server.ts';
import { soon } from '../../../tests/soon.ts';
import { newId } from '../../platform/index.ts';

type Group = { id: string; name: string; role: string | null; members: number; trusted: boolean };
type Who = { token: string };

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

  type Sent = { json?: object; who?: Who; of?: string };
  const ask = (method: string, path = '', { json, who = admin, of = tenant }: Sent = {}) =>
    server.ask(method, `/api/tenants/${of}/groups${path}`, {
      token: who.token,
      ...(json ? { json } : {}),
    });
  const make = async (role: string | null, members: readonly SignedIn[] = []): Promise<Group> => {
    const made = await ask('POST', '', { json: { name: `Group ${newId()}`, role } });
    expect(made.status).toBe(201);
    const group = made.json<Group>();
    for (const { accountId } of members)
      expect((await ask('PUT', `/${group.id}/members/${accountId}`)).status).toBe(204);
    return group;
  };
  const roleOf = async (one: SignedIn, of = tenant): Promise<string | undefined> => {
    const { rows } = await appliance.superuser.query<{ role: string }>(
      'select role from control.memberships where account_id = $1 and tenant_id = $2',
      [one.accountId, of],
    );
    return rows[0]?.role;
  };
  const teamOf = (who: Who): Promise<Answer> =>
    server.ask('GET', `/api/tenants/${tenant}/team`, { token: who.token });
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
    const team = (await teamOf(admin)).json<{
      members: { accountId: string; groups: object[] }[];
    }>();
    const listed = team.members.find(({ accountId }) => accountId === person.accountId);
    expect(listed?.groups).toEqual([{ id: group.id, name: group.name, role: 'admin' }]);
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
