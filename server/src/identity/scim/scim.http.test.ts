import { afterAll, describe, expect, it } from '@jest/globals';
import {
  GROUP,
  openScimDesk,
  PASSWORD,
  USER,
  type Group,
  type List,
  type User,
} from '../../../tests/scim-desk.ts';
import { signInPerson } from '../../../tests/sign-in-person.ts';
import type { Answer } from '../../../tests/test-server.ts';
import { soon } from '../../../tests/soon.ts';
import { platformColumns } from '../../crypto/index.ts';
import { newId } from '../../platform/index.ts';
import { identityChecks } from '../live-checks.ts';
import { encryptPeople } from './encrypt-people.ts';

const desk = await openScimDesk();
const { server, tenant, admin, token } = desk;
const { scim, newAddress, create, makeGroup, patch, list, accept, signIn, accountOf, linked } =
  desk;

/** The sequence of a SCIM client, written from RFC 7643 and 7644, as Okta’s and Entra’s own testers go. */
describe('SCIM', () => {
  afterAll(() => desk.stop());

  it('AUT-08: says what it can do', async () => {
    const config = await scim('GET', '/ServiceProviderConfig');
    expect(config.status).toBe(200);
    expect(config.headers['content-type']).toMatch('application/scim+json');
    expect(config.json()).toMatchObject({
      patch: { supported: true },
      bulk: { supported: false },
      filter: { supported: true, maxResults: 200 },
      changePassword: { supported: false },
      sort: { supported: true },
      etag: { supported: true },
    });
    for (const [place, names] of [
      ['Schemas', [USER, GROUP]],
      ['ResourceTypes', ['User', 'Group']],
    ] as const) {
      const all = (await scim('GET', `/${place}`)).json<List>();
      expect(all.Resources.map(({ id }) => id)).toEqual(names);
      expect((await scim('GET', `/${place}/${names[0]}`)).json<User>().id).toBe(names[0]);
    }
  });

  it('AUT-08: a person comes, is found, is invited, comes in, and is shut out at once when they go', async () => {
    const userName = newAddress();
    expect((await list(`userName eq "${userName}"`)).totalResults).toBe(0);
    const user = await create({ userName, externalId: 'ext-1', password: PASSWORD });
    const read = await scim('GET', `/Users/${user.id}`);
    expect(read.headers['etag']).toBe(user.meta.version);
    expect(read.json<User>()).toEqual(user);
    expect(user.meta.location).toMatch(new RegExp(`/scim/v2/${tenant}/Users/${user.id}$`));
    expect((await list(`userName eq "${userName.toUpperCase()}"`)).Resources[0]?.id).toBe(user.id);
    expect(await accountOf(userName)).toMatchObject({ state: 'invited', role: null });
    await accept(userName);
    expect(await accountOf(userName)).toMatchObject({ state: 'active', role: 'member' });
    const session = await signIn(userName);
    expect(session.status).toBe(201);
    const { accessToken } = session.json<{ accessToken: string }>();
    const own = await server.ask('POST', `/api/tenants/${tenant}/conversations`, {
      token: accessToken,
      json: {},
    });
    expect(own.status).toBe(201);
    const renamed = [{ op: 'replace', value: { displayName: 'Ada Lamb-Wolf' } }];
    expect((await patch(`/Users/${user.id}`, renamed)).status).toBe(200);
    expect((await accountOf(userName))?.name).toBe('Ada Lamb-Wolf');
    const off = await patch(`/Users/${user.id}`, [{ op: 'replace', path: 'active', value: false }]);
    expect(off.json<User>().active).toBe(false);
    await soon();
    expect((await server.ask('GET', '/api/me', { token: accessToken })).status).toBe(401);
    expect((await signIn(userName)).status).toBe(401);
    expect((await accountOf(userName))?.state).toBe('deactivated');
    await patch(`/Users/${user.id}`, [{ op: 'replace', path: 'active', value: true }]);
    expect((await signIn(userName)).status).toBe(201);
    expect((await scim('DELETE', `/Users/${user.id}`)).status).toBe(204);
    expect((await scim('GET', `/Users/${user.id}`)).status).toBe(404);
    expect((await signIn(userName)).status).toBe(401);
    // They come again: the same account, and no second one.
    await create({ userName });
    expect((await signIn(userName)).status).toBe(201);
  });

  it('PII-02: what a directory says of people lies in the database as ciphertext alone, of before too, and is found', async () => {
    const { superuser } = desk.appliance;
    const ctx = desk.appliance.contextOf(null, null);
    const check = () => identityChecks.find(({ control }) => control === 'PII-02')?.run(ctx);
    const userName = `Person.${newAddress()}`;
    const email = newAddress();
    const [familyName, externalId] = [`Wolf${newId()}`, `ext-${newId()}`];
    const emails = [{ value: email, type: 'work', primary: true }];
    const user = await create({ userName, externalId, emails, name: { familyName } });
    const stored = async (): Promise<string> => {
      const { rows } = await superuser.query<{ row: string }>(
        'select directory::text as row from control.directory_users directory where id = $1',
        [user.id],
      );
      return (rows[0]?.row ?? '').toLowerCase();
    };
    const found = async (filter: string): Promise<string[]> =>
      (await list(filter)).Resources.map(({ id }) => id);
    const filters = [
      `userName eq "${userName.toUpperCase()}"`,
      `externalId eq "${externalId}"`,
      `emails.value eq "${email}"`,
      `userName sw "${userName.slice(0, 30)}"`,
      `name.familyName co "${familyName.slice(2)}"`,
    ];
    const isHidden = async (): Promise<void> => {
      const row = await stored();
      expect(row).toContain('cm1.');
      for (const text of [userName, email, familyName, externalId])
        expect(row).not.toContain(text.toLowerCase());
      for (const filter of filters) expect(await found(filter)).toEqual([user.id]);
      expect(await check()).toMatchObject({ status: 'pass' });
    };
    await isHidden();
    // As a version before wrote it.
    await superuser.query(
      `update control.directory_users set person = null, name_index = null, external_index = null,
         user_name = $2, external_id = $3, attributes = $4 where id = $1`,
      [user.id, userName, externalId, JSON.stringify({ emails, name: { familyName } })],
    );
    expect(await check()).toMatchObject({ status: 'fail' });
    for (const filter of filters) expect(await found(filter)).toEqual([user.id]);
    expect((await scim('POST', '/Users', { json: { userName } })).status).toBe(409);
    expect(await encryptPeople(ctx)).toBe(1);
    await isHidden();
    expect((await scim('POST', '/Users', { json: { userName } })).status).toBe(409);
    expect(platformColumns.map(({ table }) => table)).toContain('directory_users');
    // The ciphertext of another row is nobody.
    const other = await create();
    await superuser.query(
      `update control.directory_users set person = (
         select person from control.directory_users where id = $2) where id = $1`,
      [other.id, user.id],
    );
    expect((await scim('GET', `/Users/${other.id}`)).status).toBe(404);
    expect((await scim('GET', `/Users/${user.id}`)).json<User>().userName).toBe(userName);
  });

  it('AUT-08: who has an address of the tenant’s own domain, which its connection lets in, is put in; nobody else', async () => {
    const domain = 'put-in.example';
    const base = `/api/tenants/${tenant}`;
    const post = (path: string, json: object, by = admin): Promise<Answer> =>
      server.ask('POST', path, { token: by.token, json });
    const { id } = (await post(`${base}/email-domains`, { domain })).json<{ id: string }>();
    const made = await post(`${base}/connections`, {
      ...{
        kind: 'oidc',
        name: 'House',
        domains: [domain, 'waiting.example'],
        mappings: [],
        defaultRole: null,
      },
      ...{ settings: { issuer: 'https://idp.example', client: 'casemate' }, justInTime: false },
    });
    const come = async (at = domain): Promise<string> => {
      const userName = `${newId()}@${at}`;
      await create({ userName });
      return userName;
    };
    // Claimed alone, and shown without a way in, it counts for nothing.
    expect((await accountOf(await come()))?.state).toBe('invited');
    const operator = await signInPerson(desk.appliance, {}, 'super_admin');
    const confirming = `/api/platform/email-domain-claims/${id}/confirm`;
    expect((await post(confirming, { tenantId: tenant, domain }, operator)).status).toBe(204);
    expect((await accountOf(await come()))?.state).toBe('invited');
    const state = `${base}/connections/${made.json<{ id: string }>().id}/state`;
    expect((await post(state, { state: 'active' })).status).toBe(204);
    const userName = await come();
    const there = await accountOf(userName);
    expect(there).toMatchObject({ state: 'active', role: 'member' });
    // No password opens it, and another domain is invited as ever.
    expect((await signIn(userName)).status).toBe(401);
    for (const at of ['waiting.example', 'example.org'])
      expect((await accountOf(await come(at)))?.state).toBe('invited');
    const user = (await list(`userName eq "${userName}"`)).Resources[0];
    expect((await scim('DELETE', `/Users/${user?.id ?? ''}`)).status).toBe(204);
    expect((await accountOf(userName))?.state).toBe('deactivated');
    expect((await post(state, { state: 'off' })).status).toBe(204);
  });

  it('AUT-08: who never came and goes is invited no more', async () => {
    const userName = newAddress();
    const user = await create({ userName });
    expect((await scim('DELETE', `/Users/${user.id}`)).status).toBe(204);
    expect(await accountOf(userName)).toBeUndefined();
    const inactive = await create({ userName, active: false });
    expect(await accountOf(userName)).toBeUndefined();
    await patch(`/Users/${inactive.id}`, [{ op: 'replace', path: 'active', value: true }]);
    expect((await accountOf(userName))?.state).toBe('invited');
  });

  it('AUT-08: groups come with their people; which role one gives is said here alone', async () => {
    const { user, email } = await linked({ [tenant]: 'member' });
    const waiting = await create();
    const group = await makeGroup([user, waiting]);
    expect(group.members.map(({ value }) => value).toSorted()).toEqual(
      [user.id, waiting.id].toSorted(),
    );
    expect((await accountOf(email))?.role).toBe('member');
    const here = `/api/tenants/${tenant}/groups/${group.id}`;
    const give = { token: admin.token, json: { role: 'reviewer' } };
    expect((await server.ask('PATCH', here, give)).status).toBe(204);
    const rename = { token: admin.token, json: { name: 'Mine' } };
    expect((await server.ask('PATCH', here, rename)).status).toBe(409);
    expect((await accountOf(email))?.role).toBe('reviewer');
    // Whoever comes later gets what their groups give.
    await accept(waiting.userName);
    expect((await accountOf(waiting.userName))?.role).toBe('reviewer');
    const seen = (await scim('GET', `/Users/${user.id}`)).json<User>();
    expect(seen.groups.map(({ value }) => value)).toEqual([group.id]);
    await patch(`/Groups/${group.id}`, [{ op: 'remove', path: `members[value eq "${user.id}"]` }]);
    expect((await accountOf(email))?.role).toBe('member');
    const add = { op: 'Add', path: 'members', value: [{ value: user.id }] };
    expect((await patch(`/Groups/${group.id}`, [add])).json<Group>().members).toHaveLength(2);
    expect((await accountOf(email))?.role).toBe('reviewer');
    const found = await scim(
      'GET',
      `/Groups?filter=${encodeURIComponent(`displayName eq "${group.displayName}"`)}&excludedAttributes=members`,
    );
    expect(found.json<List>().Resources).toMatchObject([{ id: group.id }]);
    expect(found.text).not.toContain('members');
    const json = { schemas: [GROUP], displayName: `${group.displayName} 2`, members: [] };
    expect((await scim('PUT', `/Groups/${group.id}`, { json })).json<Group>().members).toEqual([]);
    expect((await accountOf(email))?.role).toBe('member');
    expect((await scim('DELETE', `/Groups/${group.id}`)).status).toBe(204);
    expect((await scim('GET', `/Groups/${group.id}`)).status).toBe(404);
  });

  it('AUT-08: a group that is kept here is not the directory’s', async () => {
    const json = { name: `Local ${newId()}`, role: 'admin' };
    const made = await server.ask('POST', `/api/tenants/${tenant}/groups`, {
      ...{ token: admin.token, json },
    });
    const { id } = made.json<Group>();
    const { user } = await linked({ [tenant]: 'member' });
    expect((await scim('GET', `/Groups/${id}`)).status).toBe(404);
    const add = [{ op: 'add', path: 'members', value: [{ value: user.id }] }];
    expect((await patch(`/Groups/${id}`, add)).status).toBe(404);
    expect((await scim('DELETE', `/Groups/${id}`)).status).toBe(404);
    expect((await scim('GET', '/Groups')).text).not.toContain(json.name);
  });

  it('AUT-08: pages, order, filters and attributes are as asked', async () => {
    const mark = newId();
    const made: User[] = [];
    for (const letter of ['c', 'a', 'b'])
      made.push(
        await create({
          userName: `${letter}-${mark}@example.org`,
          displayName: letter,
          active: letter !== 'b',
        }),
      );
    const by = `userName co "${mark}"`;
    const all = await list(by, '&sortBy=userName');
    expect(all).toMatchObject({ totalResults: 3, startIndex: 1, itemsPerPage: 3 });
    expect(all.Resources.map(({ userName }) => userName[0])).toEqual(['a', 'b', 'c']);
    const down = await list(by, '&sortBy=displayName&sortOrder=descending&startIndex=2&count=1');
    expect(down).toMatchObject({ totalResults: 3, startIndex: 2, itemsPerPage: 1 });
    expect(down.Resources[0]?.userName[0]).toBe('b');
    expect((await list(by, '&count=0')).Resources).toEqual([]);
    expect((await list(by, '&count=-1&startIndex=-5')).startIndex).toBe(1);
    expect((await list(`${by} and active eq false`)).totalResults).toBe(1);
    expect((await list(`${by} and not (displayName eq "a")`)).totalResults).toBe(2);
    expect((await list(`id eq "${made[0]?.id ?? ''}"`)).totalResults).toBe(1);
    const few = await scim('GET', `/Users/${made[0]?.id ?? ''}?attributes=userName,name.givenName`);
    expect(few.json()).toEqual({
      ...{ schemas: [USER], id: made[0]?.id, userName: made[0]?.userName },
      name: { givenName: 'Ada' },
    });
  });

  it('AUT-08: what was changed meanwhile is not written over', async () => {
    const user = await create();
    const { version } = user.meta;
    const change = [{ op: 'replace', path: 'displayName', value: 'x' }];
    const headers = { 'if-match': version };
    expect((await patch(`/Users/${user.id}`, change, { headers })).status).toBe(200);
    expect((await patch(`/Users/${user.id}`, change, { headers })).status).toBe(412);
    expect((await scim('DELETE', `/Users/${user.id}`, { headers })).status).toBe(412);
    const any = { headers: { 'if-match': '*' } };
    expect((await scim('DELETE', `/Users/${user.id}`, any)).status).toBe(204);
  });

  it('AUT-08: eight that make the same person at once make one', async () => {
    const json = { userName: newAddress() };
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => scim('POST', '/Users', { json })),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, ...Array(7).fill(409)]);
  });

  it('the page of the tenant shows the address, the tokens and what came, and no token', async () => {
    const { userName } = await create();
    const shown = await server.ask('GET', `/api/tenants/${tenant}/scim`, { token: admin.token });
    expect(shown.json()).toMatchObject({ baseUrl: expect.stringMatching(`/scim/v2/${tenant}$`) });
    expect(shown.json<{ arrivals: object[] }>().arrivals[0]).toMatchObject({
      ...{ userName, standing: 'invited' },
    });
    expect(shown.text).not.toContain(token);
  });
});
