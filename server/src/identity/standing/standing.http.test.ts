import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '../../../tests/sealed-tenant.ts';
import { signInPerson, type SignedIn } from '../../../tests/sign-in-person.ts';
import { startAppliance, type TestAppliance } from '../../../tests/test-appliance.ts';
import { startServer, type Answer, type TestServer } from '../../../tests/test-server.ts';

describe('what somebody is in a tenant', () => {
  let appliance: TestAppliance;
  let server: TestServer;
  let tenantId: string;
  let other: string;
  let admin: SignedIn;
  let member: SignedIn;

  beforeAll(async () => {
    appliance = await startAppliance({
      CASEMATE_ANONYMOUS_PER_MINUTE: 10_000,
      CASEMATE_ACCOUNT_PER_MINUTE: 10_000,
    });
    server = await startServer(appliance.config);
    [tenantId, other] = await Promise.all([appliance.makeTenant(), appliance.makeTenant()]);
    admin = await signInPerson(appliance, { [tenantId]: 'admin', [other]: 'admin' });
  });
  afterAll(async () => {
    await server.stop();
    await appliance.stop();
  });
  beforeEach(async () => {
    member = await signInPerson(appliance, { [tenantId]: 'member' });
    await setLevels({});
  });

  const at = (path: string, tenant = tenantId): string => `/api/tenants/${tenant}${path}`;
  const send = (
    who: SignedIn | string,
    method: string,
    path: string,
    json?: unknown,
  ): Promise<Answer> =>
    server.ask(method, path, {
      token: typeof who === 'string' ? who : who.token,
      ...(json === undefined ? {} : { json }),
    });
  const setLevels = async (minimum: object): Promise<void> => {
    expect((await send(admin, 'PUT', at('/levels'), { minimum })).status).toBe(204);
  };
  const give = async (who: SignedIn, wish: object, by: SignedIn = admin): Promise<number> =>
    (await send(by, 'PATCH', at(`/team/${who.accountId}`), wish)).status;
  const compose = async (permissions: string[], tenant = tenantId): Promise<string> => {
    const name = `Role ${Math.random()}`;
    const made = await send(admin, 'POST', at('/roles', tenant), { name, permissions });
    expect(made.status).toBe(201);
    return made.json<{ id: string }>().id;
  };
  const becomes = (ask: () => Promise<Answer>, wanted: number): Promise<number> =>
    eventually(async () => {
      const { status } = await ask();
      return status === wanted ? status : undefined;
    }, 250);
  const search = (who: SignedIn | string = member): Promise<Answer> =>
    send(who, 'GET', at('/search?q=casemate'));
  const upload = (who: SignedIn | string): Promise<Answer> =>
    server.ask('POST', at('/documents?name=a.md'), {
      token: typeof who === 'string' ? who : who.token,
      raw: Buffer.from(`# ${Math.random()}`),
    });
  const keyOf = async (who: SignedIn, scopes: string[]): Promise<Answer> =>
    send(who, 'POST', at('/api-keys'), { name: `Key ${Math.random()}`, scopes, expiresInDays: 1 });
  const sql = (text: string, values: unknown[]): Promise<{ rowCount: number | null }> =>
    appliance.superuser.query(text, values);
  /** As whoever stole the password of the server's account in the database. */
  const asThief = async (text: string, values: unknown[]): Promise<number | null> => {
    const client = await appliance.superuser.connect();
    try {
      await client.query('begin');
      await client.query('set local role casemate_server');
      const { rowCount } = await client.query(text, values);
      await client.query('commit');
      return rowCount;
    } catch (error) {
      await client.query('rollback');
      throw error;
    } finally {
      client.release();
    }
  };

  describe('by their access level', () => {
    it('RBA-02: refuses every route of a feature to whoever is below its level, within seconds of the change', async () => {
      expect((await search()).status).not.toBe(403);
      await setLevels({ search: 60, chat: 51, documents: 51, 'api-keys': 51, upload: 0 });
      await becomes(search, 403);
      expect((await search()).text).toContain('access level 60 and yours is 50');
      for (const [method, path, json] of [
        ['GET', '/conversations'],
        ['POST', '/conversations', {}],
        ['GET', '/documents'],
        ['POST', '/api-keys', {}],
      ] as const)
        expect([path, (await send(member, method, at(path), json)).status]).toEqual([path, 403]);
      // The twins: administrators, who have the highest, and the same person once they reach it.
      expect((await search(admin)).status).not.toBe(403);
      expect(await give(member, { level: 60 })).toBe(204);
      await becomes(() => send(member, 'GET', at('/conversations')), 200);
      expect((await search()).status).not.toBe(403);
      const made = await send(member, 'POST', at('/conversations'), {});
      const path = at(`/conversations/${made.json<{ id: string }>().id}/messages`);
      const ask = (): Promise<Answer> => send(member, 'POST', path, { content: 'Casemate?' });
      expect((await ask()).status).not.toBe(403);
      expect(await give(member, { level: 59 })).toBe(204);
      await becomes(search, 403);
      // Nor does an answer show what a search would have found.
      expect((await send(member, 'GET', at('/conversations'))).status).toBe(200);
      expect((await ask()).status).toBe(403);
      // In the other tenant nothing was set.
      expect((await send(admin, 'GET', at('/documents', other))).status).toBe(200);
    });

    it('RBA-02: holds for API keys and service accounts as for people', async () => {
      const { key } = (await keyOf(member, ['documents.read'])).json<{ key: string }>();
      const made = await send(admin, 'POST', at('/service-accounts'), {
        name: `Program ${Math.random()}`,
        role: 'member',
      });
      const { id } = made.json<{ id: string }>();
      const issued = await send(admin, 'POST', at(`/service-accounts/${id}/api-keys`), {
        name: 'Key',
        scopes: ['documents.read'],
        expiresInDays: 1,
      });
      const program = issued.json<{ key: string }>().key;
      const read = (token: string): Promise<Answer> => send(token, 'GET', at('/documents'));
      expect([(await read(key)).status, (await read(program)).status]).toEqual([200, 200]);
      await setLevels({ documents: 55 });
      await becomes(() => read(key), 403);
      await becomes(() => read(program), 403);
      expect((await send(admin, 'PATCH', at(`/team/${id}`), { level: 55 })).status).toBe(204);
      await becomes(() => read(program), 200);
      expect((await read(key)).status).toBe(403);
    });

    it('RBA-02, RBA-04: who may have no keys any more has none that opens, and still ends their own', async () => {
      const role = await compose(['documents.write', 'api-keys.use']);
      const reviewer = await signInPerson(appliance, { [tenantId]: 'reviewer' });
      await give(reviewer, { customRoles: [role] });
      const read = (token: string): Promise<Answer> => send(token, 'GET', at('/documents'));
      const made: { id: string; key: string }[] = [];
      for (const who of [member, reviewer]) {
        await becomes(() => keyOf(who, ['documents.read']), 201);
        made.push((await keyOf(who, ['documents.read'])).json());
      }
      for (const { key } of made) expect((await read(key)).status).toBe(200);
      await setLevels({ 'api-keys': 51 });
      expect((await send(admin, 'DELETE', at(`/roles/${role}`))).status).toBe(204);
      for (const [place, who] of [member, reviewer].entries()) {
        const { key = '', id = '' } = made[place] ?? {};
        await becomes(() => read(key), 401);
        const listed = (await send(who, 'GET', at('/api-keys'))).json<{
          keys: { id: string; state: string }[];
        }>();
        expect(listed.keys.find((one) => one.id === id)).toMatchObject({ state: 'paused' });
        expect((await keyOf(who, ['documents.read'])).status).toBe(403);
        // Another's is not there; a key lists and ends none, whatever its scopes.
        const others = made[1 - place]?.id ?? '';
        expect((await send(who, 'DELETE', at(`/api-keys/${others}`))).status).toBe(404);
      }
      await setLevels({});
      await becomes(() => read(made[0]?.key ?? ''), 200);
      expect((await read(made[1]?.key ?? '')).status).toBe(401);
      const ended = at(`/api-keys/${made[1]?.id ?? ''}`);
      expect((await send(reviewer, 'DELETE', ended)).status).toBe(204);
    });

    it('RBA-02: is told to the dashboard, with what it may show', async () => {
      await setLevels({ chat: 70 });
      const me = async (): Promise<{
        level: number;
        features: string[];
        permissions: string[];
      }> => {
        const { tenants } = (await send(member, 'GET', '/api/me')).json<{
          tenants: { id: string; level: number; features: string[]; permissions: string[] }[];
        }>();
        const found = tenants.find(({ id }) => id === tenantId);
        if (!found) throw new Error('no such tenant');
        return found;
      };
      expect(await me()).toMatchObject({ level: 50 });
      expect((await me()).features).toEqual(['documents', 'upload', 'search', 'api-keys']);
      expect((await me()).permissions).not.toContain('conversations.use');
      await give(member, { level: 70 });
      expect((await me()).permissions).toContain('conversations.use');
    });

    it('RBA-02: is set by administrators of the tenant alone, in its bounds, for features that there are', async () => {
      expect((await send(member, 'PUT', at('/levels'), { minimum: {} })).status).toBe(403);
      expect(await give(admin, { level: 100 }, member)).toBe(403);
      for (const minimum of [
        { telepathy: 1 },
        { chat: 101 },
        { chat: -1 },
        { chat: 1.5 },
        { chat: '1' },
      ])
        expect((await send(admin, 'PUT', at('/levels'), { minimum })).status).toBe(400);
      for (const level of [101, -1, 0.5, '50']) expect(await give(member, { level })).toBe(400);
      const stranger = await signInPerson(appliance, { [other]: 'admin' });
      expect((await send(stranger, 'PUT', at('/levels'), { minimum: {} })).status).toBe(404);
      expect(await give(member, { level: 1 }, stranger)).toBe(404);
      // The twin, and that an administrator's stays the highest.
      expect(await give(member, { level: 0 })).toBe(204);
      expect(await give(member, { role: 'admin', level: 3 })).toBe(204);
      const team = (await send(admin, 'GET', at('/team'))).json<{
        members: { accountId: string; level: number; role: string }[];
      }>();
      const found = team.members.find(({ accountId }) => accountId === member.accountId);
      expect(found).toMatchObject({ role: 'admin', level: 100 });
      const { rowCount } = await sql(
        `select from control.audit_events where action = 'membership.update'
           and resource_id = $1 and tenant_id = $2 and after->>'level' = '0'`,
        [member.auditId, tenantId],
      );
      expect(rowCount).toBe(1);
    });

    it('RBA-02: can not be raised, nor a feature’s lowered, by whoever writes the database', async () => {
      await setLevels({ search: 60 });
      await becomes(search, 403);
      await asThief('update control.memberships set level = 100 where account_id = $1', [
        member.accountId,
      ]);
      // The membership as a whole counts for nothing.
      await becomes(search, 404);
      await asThief('update control.memberships set level = null where account_id = $1', [
        member.accountId,
      ]);
      await becomes(search, 403);
      await asThief(`update control.feature_levels set minimum = '{}' where tenant_id = $1`, [
        tenantId,
      ]);
      // Nobody can tell what is needed: refused to everybody, administrators too.
      await becomes(() => search(admin), 403);
      expect((await search()).status).toBe(403);
      await expect(
        asThief('delete from control.feature_levels where tenant_id = $1', [tenantId]),
      ).rejects.toThrow('permission denied');
      const levels = (await send(admin, 'GET', at('/levels'))).json<{
        features: { needed: number | null }[];
      }>();
      expect(levels.features.every(({ needed }) => needed === null)).toBe(true);
      // The twin: what the server itself writes counts again.
      await setLevels({ search: 50 });
      await becomes(() => search(admin), 200);
      await becomes(search, 200);
    });
  });

  describe('by custom roles', () => {
    it('RBA-01: gives what the role is composed of, within seconds, and takes it back when it is edited or deleted', async () => {
      expect((await upload(member)).status).toBe(403);
      const id = await compose(['documents.write', 'documents.read']);
      expect(await give(member, { customRoles: [id] })).toBe(204);
      await becomes(() => upload(member), 202);
      const change = { name: 'Reader', permissions: ['documents.read'] };
      expect((await send(admin, 'PUT', at(`/roles/${id}`), change)).status).toBe(204);
      await becomes(() => upload(member), 403);
      const back = { name: 'Writer', permissions: ['documents.write'] };
      expect((await send(admin, 'PUT', at(`/roles/${id}`), back)).status).toBe(204);
      await becomes(() => upload(member), 202);
      expect((await send(admin, 'DELETE', at(`/roles/${id}`))).status).toBe(204);
      await becomes(() => upload(member), 403);
      // The membership itself stays sound.
      expect((await send(member, 'GET', at('/documents'))).status).toBe(200);
    });

    it('RBA-01: gives nothing that stays with administrators, nothing of another tenant, and nothing to those who may not', async () => {
      for (const permission of [
        'team.manage',
        'access.manage',
        'seal.hold',
        'api-keys.manage',
        'x',
      ])
        expect(
          (await send(admin, 'POST', at('/roles'), { name: 'No', permissions: [permission] }))
            .status,
        ).toBe(400);
      const foreign = await compose(['documents.write'], other);
      expect(await give(member, { customRoles: [foreign] })).toBe(404);
      const id = await compose(['documents.write']);
      const wish = { name: 'Mine', permissions: ['documents.read'] };
      expect((await send(member, 'POST', at('/roles'), wish)).status).toBe(403);
      expect((await send(member, 'PUT', at(`/roles/${id}`), wish)).status).toBe(403);
      expect((await send(member, 'DELETE', at(`/roles/${id}`))).status).toBe(403);
      expect(await give(member, { customRoles: [id] }, member)).toBe(403);
      expect((await send(admin, 'PUT', at(`/roles/${id}`, other), wish)).status).toBe(404);
      expect((await send(admin, 'DELETE', at(`/roles/${id}`, other))).status).toBe(404);
      const { roles } = (await send(admin, 'GET', at('/roles'))).json<{
        roles: { id: string }[];
      }>();
      expect(roles.map((one) => one.id)).toContain(id);
    });

    it('RBA-04: bounds the keys of whoever has it, which lose what the role loses', async () => {
      expect((await keyOf(member, ['documents.write'])).status).toBe(400);
      const id = await compose(['documents.write']);
      await give(member, { customRoles: [id] });
      await becomes(() => upload(member), 202);
      const { key } = (await keyOf(member, ['documents.write'])).json<{ key: string }>();
      expect((await upload(key)).status).toBe(202);
      // The role gives the permission, and the key is limited to its scopes.
      expect((await send(key, 'GET', at('/documents'))).status).toBe(403);
      expect((await send(admin, 'DELETE', at(`/roles/${id}`))).status).toBe(204);
      await becomes(() => upload(key), 403);
    });

    it('RBA-01: gives nothing that somebody wrote into the database', async () => {
      const id = await compose(['documents.read']);
      await give(member, { customRoles: [id] });
      await asThief(
        `update control.custom_roles set permissions = '{documents.write}' where id = $1`,
        [id],
      );
      await becomes(() => send(member, 'GET', at('/documents')), 200);
      expect((await upload(member)).status).toBe(403);
      const { roles } = (await send(admin, 'GET', at('/roles'))).json<{
        roles: { id: string; trusted: boolean }[];
      }>();
      expect(roles.find((one) => one.id === id)).toMatchObject({ trusted: false });
      // Nor a sound role that was put into a membership.
      const sound = await compose(['documents.write']);
      await asThief(`update control.memberships set custom_roles = $2 where account_id = $1`, [
        member.accountId,
        [sound],
      ]);
      await becomes(() => upload(member), 404);
      const told = await eventually(async () => {
        const { rowCount } = await sql(
          `select from control.audit_events where action = 'custom_role.distrust' and resource_id = $1`,
          [id],
        );
        return rowCount === 0 ? undefined : rowCount;
      });
      expect(told).toBe(1);
    });

    it('RBA-01: changes of two administrators at once undo nothing of each other', async () => {
      const id = await compose(['documents.write']);
      const second = await signInPerson(appliance, { [tenantId]: 'admin' });
      for (let round = 0; round < 5; round += 1) {
        const level = 40 + round;
        const customRoles = round % 2 === 0 ? [id] : [];
        const done = await Promise.all([
          give(member, { level }),
          give(member, { customRoles }, second),
        ]);
        expect(done).toEqual([204, 204]);
        const { members } = (await send(admin, 'GET', at('/team'))).json<{
          members: { accountId: string; level: number; customRoles: string[] }[];
        }>();
        const found = members.find(({ accountId }) => accountId === member.accountId);
        expect(found).toMatchObject({ level, customRoles });
      }
    });
  });
});
