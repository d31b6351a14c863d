import { afterAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { partsInfo } from '../../../tests/parts-info.ts';
import {
  ERROR,
  openScimDesk,
  PASSWORD,
  USER,
  type Group,
  type Sent,
  type User,
} from '../../../tests/scim-desk.ts';
import { signInPerson } from '../../../tests/sign-in-person.ts';
import { soon } from '../../../tests/soon.ts';
import type { Answer } from '../../../tests/test-server.ts';
import { newId } from '../../platform/index.ts';

const desk = await openScimDesk();
const { appliance, server, tenant, other, admin, otherAdmin, token, otherToken } = desk;
const { makeToken, scim, newAddress, create, makeGroup, patch, accountOf, linked, shapeOf } = desk;
const { accept } = desk;

describe('what SCIM does not let in', () => {
  afterAll(() => desk.stop());

  it('AUT-08: without its token, with another one, or with an ended one nothing is reached', async () => {
    for (const by of ['', 'cmk_' + 'x'.repeat(43), admin.refreshToken.slice(0, 43)]) {
      const answer = await server.ask('GET', `/scim/v2/${tenant}/Users`, {
        headers: by ? { authorization: `Bearer ${by}` } : {},
      });
      expect(answer.status).toBe(401);
      expect(answer.headers['content-type']).toMatch('application/scim+json');
      expect(answer.json()).toMatchObject({ schemas: [ERROR], status: '401' });
    }
    const member = await signInPerson(appliance, { [tenant]: 'member' });
    expect((await scim('GET', '/Users', { by: member.token })).status).toBe(403);
    const ended = await makeToken(admin, tenant);
    expect((await scim('GET', '/Users', { by: ended.key })).status).toBe(200);
    const path = `/api/tenants/${tenant}/api-keys/${ended.id}`;
    expect((await server.ask('DELETE', path, { token: admin.token })).status).toBe(204);
    await soon();
    expect((await scim('GET', '/Users', { by: ended.key })).status).toBe(401);
    const elsewhere = await makeToken(admin, tenant, { addresses: ['10.9.0.0/16'] });
    expect((await scim('GET', '/Users', { by: elsewhere.key })).status).toBe(401);
  });

  it('MFA-05: an administrator’s session whose factor was shown long ago changes nobody, as on the pages', async () => {
    const { user, person } = await linked({ [tenant]: 'member' });
    const { id } = await makeGroup();
    const tired = await signInPerson(appliance, { [tenant]: 'admin' });
    const { sessionId, accountId } = tired;
    const at = new Date(Date.now() - 3_600_000);
    const seal = appliance.parts.identity.rights.sealShown({ sessionId, accountId, at });
    await appliance.superuser.query(
      'update control.sessions set factor_at = $2, factor_seal = $3 where id = $1',
      [sessionId, at, seal],
    );
    const member = { op: 'add', path: 'members', value: [{ value: user.id }] };
    const off = { op: 'replace', path: 'active', value: false };
    const by = tired.token;
    const asked = [
      await scim('POST', '/Users', { by, json: { schemas: [USER], userName: newAddress() } }),
      await scim('POST', '/Groups', { by, json: { displayName: 'x' } }),
      await patch(`/Users/${user.id}`, [off], { by }),
      await scim('PUT', `/Users/${user.id}`, { by, json: { userName: newAddress() } }),
      await patch(`/Groups/${id}`, [member], { by }),
      await scim('DELETE', `/Users/${user.id}`, { by }),
      await scim('DELETE', `/Groups/${id}`, { by }),
    ];
    expect(asked.map(({ status }) => status)).toEqual(asked.map(() => 403));
    const path = `/api/tenants/${tenant}/documents`;
    expect((await server.ask('GET', path, person)).status).toBe(200);
    // The twin: the token of a directory, which has no factor to show.
    expect((await patch(`/Groups/${id}`, [member])).status).toBe(200);
    expect((await patch(`/Users/${user.id}`, [off])).status).toBe(200);
  });

  it('AUT-08: a token is made by administrators of the tenant alone, and opens nothing beside SCIM', async () => {
    const member = await signInPerson(appliance, { [tenant]: 'member' });
    await makeToken(member, tenant, { status: 403 });
    await makeToken(otherAdmin, tenant, { status: 404 });
    for (const path of ['documents', 'team', 'groups', 'api-keys', 'scim', 'conversations'])
      expect((await server.ask('GET', `/api/tenants/${tenant}/${path}`, { token })).status).toBe(
        403,
      );
    const again = { token, json: { name: 'x', expiresInDays: 1, addresses: [] } };
    const made = await server.ask('POST', `/api/tenants/${tenant}/scim/tokens`, again);
    expect(made.status).toBe(403);
    const { rows } = await appliance.superuser.query<{ found: boolean }>(
      'select exists (select from control.api_keys key where key::text like $1) as found',
      [`%${token.slice(4)}%`],
    );
    expect(rows).toEqual([{ found: false }]);
  });

  it('AUT-08: a token of one tenant finds in the other what is nowhere', async () => {
    const [user, group] = [await create(), await makeGroup()];
    const foreign: Sent = { by: otherToken };
    const json = { schemas: [USER], userName: newAddress() };
    const operations = { Operations: [{ op: 'replace', path: 'active', value: false }] };
    const attempts: [string, string, object?][] = [
      ['GET', '/Users'],
      ['GET', '/Groups'],
      ['GET', '/ServiceProviderConfig'],
      ['POST', '/Users', json],
      ['POST', '/Groups', { displayName: 'x' }],
      ['GET', `/Users/${user.id}`],
      ['PUT', `/Users/${user.id}`, json],
      ['PATCH', `/Users/${user.id}`, operations],
      ['DELETE', `/Users/${user.id}`],
      ['GET', `/Groups/${group.id}`],
      ['PATCH', `/Groups/${group.id}`, operations],
      ['DELETE', `/Groups/${group.id}`],
    ];
    for (const [method, path, body] of attempts) {
      const sent = body ? { ...foreign, json: body } : foreign;
      const [theirs, nowhere] = [
        await scim(method, path, sent),
        await scim(method, path, { ...sent, of: newId() }),
      ];
      expect([method, path, theirs.status]).toEqual([method, path, 404]);
      expect(shapeOf(theirs)).toEqual(shapeOf(nowhere));
      // Under its own address another's things are not there.
      if (!path.includes(user.id) && !path.includes(group.id)) continue;
      const own = await scim(method, path, { ...sent, of: other });
      const none = path.replace(/[0-9a-f-]{36}/, newId());
      const absent = await scim(method, none, { ...sent, of: other });
      expect([method, path, own.status]).toEqual([method, path, 404]);
      expect(shapeOf(own)).toEqual(shapeOf(absent));
    }
    const mine = await scim('POST', '/Groups', {
      ...{ ...foreign, of: other },
      json: { displayName: 'Theirs', members: [{ value: user.id }] },
    });
    expect(mine.status).toBe(400);
    expect((await scim('GET', `/Users/${user.id}`)).json<User>()).toMatchObject({ active: true });
    expect((await scim('GET', `/Groups/${group.id}`)).status).toBe(200);
  });

  it('AUT-08: administrators of the platform, service accounts and closed accounts are not touched', async () => {
    const operator = await signInPerson(appliance, { [tenant]: 'member' }, 'super_admin');
    const email = `${operator.accountId}@example.invalid`;
    const user = await create({ userName: email, displayName: 'Mallory' });
    expect((await scim('DELETE', `/Users/${user.id}`)).status).toBe(204);
    expect(await accountOf(email)).toMatchObject({
      state: 'active',
      name: 'Test',
      role: 'member',
    });
    const { rows } = await appliance.superuser.query<{ email: string }>(
      `select email from control.accounts where kind = 'service'`,
    );
    const service = { json: { schemas: [USER], userName: rows[0]?.email } };
    expect((await scim('POST', '/Users', service)).json()).toMatchObject({
      scimType: 'invalidValue',
    });
    const closed = await signInPerson(appliance, { [tenant]: 'member' });
    const theirs = `${closed.accountId}@example.invalid`;
    const root = await signInPerson(appliance, {}, 'super_admin');
    // One who is in no tenant is not asked into this one either.
    await create({ userName: `${root.accountId}@example.invalid` });
    const invited = await appliance.superuser.query(
      'select from control.invitations where account_id = $1',
      [root.accountId],
    );
    expect(invited.rows).toEqual([]);
    const path = `/api/platform/accounts/${closed.accountId}/deactivate`;
    expect((await server.ask('POST', path, { token: root.token })).status).toBe(204);
    const again = await create({ userName: theirs });
    await patch(`/Users/${again.id}`, [{ op: 'replace', path: 'active', value: false }]);
    await patch(`/Users/${again.id}`, [{ op: 'replace', path: 'active', value: true }]);
    expect((await accountOf(theirs))?.state).toBe('deactivated');
    // The tenant's own page tells no more: both look as whoever has not come yet.
    const page = await server.ask('GET', `/api/tenants/${tenant}/scim`, { token: admin.token });
    const { arrivals } = page.json<{ arrivals: { userName: string; standing: string }[] }>();
    for (const name of [`${root.accountId}@example.invalid`, theirs])
      expect(arrivals.find(({ userName }) => userName === name)?.standing).toBe('invited');
    // Nor one that the directory had closed itself, once whoever runs the platform has.
    const own = await create();
    await accept(own.userName);
    const active = (value: boolean): Promise<Answer> =>
      patch(`/Users/${own.id}`, [{ op: 'replace', path: 'active', value }]);
    await active(false);
    const id = (await accountOf(own.userName))?.id ?? '';
    const shut = `/api/platform/accounts/${id}/deactivate`;
    expect((await server.ask('POST', shut, { token: root.token })).status).toBe(204);
    await active(true);
    expect((await accountOf(own.userName))?.state).toBe('deactivated');
    expect((await scim('DELETE', `/Users/${own.id}`)).status).toBe(204);
    await create({ userName: own.userName });
    expect((await accountOf(own.userName))?.state).toBe('deactivated');
  });

  it('AUT-08: of an account of another tenant the membership ends, and nothing else is changed', async () => {
    const { person, user, email } = await linked({ [tenant]: 'member', [other]: 'member' });
    const { rows } = await appliance.superuser.query(
      'select * from control.accounts where id = $1',
      [person.accountId],
    );
    const json = {
      schemas: [USER],
      userName: newAddress(),
      displayName: 'Mallory',
      emails: [{ value: newAddress(), primary: true }],
      password: PASSWORD,
      active: false,
    };
    expect((await scim('PUT', `/Users/${user.id}`, { json })).status).toBe(200);
    const after = await appliance.superuser.query('select * from control.accounts where id = $1', [
      person.accountId,
    ]);
    expect(after.rows).toEqual(rows);
    expect((await accountOf(email))?.role).toBeNull();
    expect((await accountOf(email, other))?.role).toBe('member');
    expect((await server.ask('GET', '/api/me', person)).status).toBe(200);
  });

  it('AUT-08: who has an account in this house, and who has none, is answered alike and asked first', async () => {
    const stranger = await signInPerson(appliance, { [other]: 'member' });
    const known = `${stranger.accountId}@example.invalid`;
    const answers = await Promise.all(
      [known, newAddress()].map((userName) =>
        scim('POST', '/Users', { json: { schemas: [USER], userName } }),
      ),
    );
    const [one, two] = answers.map(({ status, text, headers }) => [
      status,
      Object.keys(headers).toSorted(),
      Object.keys(JSON.parse(text) as object),
    ]);
    expect(one).toEqual(two);
    expect((await accountOf(known))?.role).toBeNull();
  });

  it('AUT-08: a directory sets no password, and takes the last local administrator from nobody', async () => {
    const place = await appliance.makeTenant();
    const alone = await signInPerson(appliance, { [place]: 'admin' });
    const by = (await makeToken(alone, place)).key;
    const userName = `${alone.accountId}@example.invalid`;
    const made = await scim('POST', '/Users', { by, of: place, json: { userName } });
    const { id } = made.json<User>();
    const off = [{ op: 'replace', path: 'active', value: false }];
    expect((await patch(`/Users/${id}`, off, { by, of: place })).status).toBe(409);
    expect((await scim('DELETE', `/Users/${id}`, { by, of: place })).status).toBe(409);
    const password = [{ op: 'replace', path: 'password', value: PASSWORD }];
    const refused = await patch(`/Users/${id}`, password, { by, of: place });
    expect(refused.json()).toMatchObject({ status: '400', scimType: 'mutability' });
    // An administrator by a group of the directory is not enough to let the local one go.
    const second = await signInPerson(appliance, { [place]: 'member' });
    const json = { userName: `${second.accountId}@example.invalid` };
    const user = (await scim('POST', '/Users', { by, of: place, json })).json<User>();
    const group = await scim('POST', '/Groups', {
      ...{ by, of: place },
      json: { displayName: 'Admins', members: [{ value: user.id }] },
    });
    const path = `/api/tenants/${place}/groups/${group.json<Group>().id}`;
    const give = { token: alone.token, json: { role: 'admin' } };
    expect((await server.ask('PATCH', path, give)).status).toBe(204);
    expect((await accountOf(json.userName, place))?.role).toBe('admin');
    expect((await scim('DELETE', `/Users/${id}`, { by, of: place })).status).toBe(409);
    expect((await accountOf(userName, place))?.role).toBe('admin');
    // The twin: with a second one whose role is from here, the first goes.
    const raise = { token: alone.token, json: { role: 'admin' } };
    const team = `/api/tenants/${place}/team/${second.accountId}`;
    expect((await server.ask('PATCH', team, raise)).status).toBe(204);
    expect((await scim('DELETE', `/Users/${id}`, { by, of: place })).status).toBe(204);
    expect((await accountOf(userName, place))?.role).toBeNull();
  });

  it('AUT-08: what is no such request is refused in the words of the RFC', async () => {
    const { id, userName } = await create();
    // The text of an escape is no such character.
    const named = { op: 'replace', path: 'displayName', value: 'C:\\u0000' };
    const kept = await scim('PATCH', `/Users/${id}`, { json: { Operations: [named] } });
    expect([kept.status, kept.json<{ displayName: string }>().displayName]).toEqual([
      ...[200, 'C:\\u0000'],
    ]);
    const wrong: [string, string, unknown, number, string?][] = [
      ['POST', '/Users', {}, 400, 'invalidValue'],
      ['POST', '/Users', { userName: '' }, 400, 'invalidValue'],
      ['POST', '/Users', { userName: 'nobody' }, 400, 'invalidValue'],
      ['POST', '/Users', { userName: `${'x'.repeat(300)}@e.org` }, 400, 'invalidValue'],
      ['POST', '/Users', { userName: newAddress(), active: 'perhaps' }, 400, 'invalidValue'],
      ['POST', '/Users', { userName: newAddress(), emails: 'x' }, 400, 'invalidValue'],
      ['POST', '/Users', { userName: `a\u0000${newAddress()}` }, 400, 'invalidValue'],
      ['POST', '/Users', [], 400, 'invalidSyntax'],
      ['POST', '/Users', { userName: userName.toUpperCase() }, 409, 'uniqueness'],
      ['POST', '/Groups', { displayName: '' }, 400, 'invalidValue'],
      ['POST', '/Groups', { displayName: 'x', members: [{ value: newId() }] }, 400, 'invalidValue'],
      [
        'POST',
        '/Groups',
        { displayName: 'x', members: [{ value: '1; drop' }] },
        400,
        'invalidValue',
      ],
      [
        'POST',
        '/Groups',
        { displayName: 'x', members: [{ value: id, type: 'Group' }] },
        400,
        'invalidValue',
      ],
      ['PATCH', `/Users/${id}`, { Operations: [] }, 400, 'invalidSyntax'],
      ['PATCH', `/Users/${id}`, { Operations: [{ op: 'remove' }] }, 400, 'noTarget'],
      [
        'PATCH',
        `/Users/${id}`,
        { Operations: [{ op: 'add', path: 'id', value: 'x' }] },
        400,
        'mutability',
      ],
      [
        'PATCH',
        `/Users/${id}`,
        { Operations: [{ op: 'add', path: 'a b', value: 1 }] },
        400,
        'invalidPath',
      ],
      ['POST', '/Bulk', { Operations: [] }, 404],
      ['GET', '/Users?filter=userName', undefined, 400, 'invalidFilter'],
      ['GET', '/Users?sortOrder=up', undefined, 400],
      ['GET', `/Users/${newId()}`, undefined, 404],
      ['GET', '/Schemas/urn:x', undefined, 404],
      ['GET', '/Nothing', undefined, 404],
    ];
    for (const [method, path, json, status, scimType] of wrong) {
      const answer = await scim(method, path, json === undefined ? {} : { json });
      expect([method, path, answer.status]).toEqual([method, path, status]);
      expect(answer.headers['content-type']).toMatch('application/scim+json');
      expect(answer.json()).toMatchObject({
        schemas: [ERROR],
        status: String(status),
        ...(scimType === undefined ? {} : { scimType }),
      });
    }
    const headers = { 'content-type': 'text/plain' };
    const typed = await scim('POST', '/Users', { json: {}, headers });
    expect(typed.status).toBe(415);
    const raw = Buffer.from('{"userName": "\xff"', 'latin1');
    const broken = await server.ask('POST', `/scim/v2/${tenant}/Users`, {
      ...{ token, raw, headers: { 'content-type': 'application/scim+json' } },
    });
    expect(broken.json()).toMatchObject({ scimType: 'invalidSyntax' });
    const long = { userName: newAddress(), title: 'x'.repeat(2_100_000) };
    expect((await scim('POST', '/Users', { json: long })).status).toBe(413);
  });

  it('AUT-08: whoever stole the password of the database points no person at another’s account', async () => {
    const { socketDir: host, port } = partsInfo();
    const secret = 'casemate-database/static-creds/casemate_server';
    const { password } = await appliance.parts.platform.vault.read(secret);
    const database = appliance.config.CASEMATE_DATABASE_NAME;
    const user = 'casemate_server';
    const thief = new pg.Client({ host, port, database, user, password: String(password) });
    await thief.connect();
    try {
      const victim = await signInPerson(appliance, { [tenant]: 'member' });
      const mine = await create();
      await thief.query(
        'update control.directory_users set account_id = $2, owned = true where id = $1',
        [mine.id, victim.accountId],
      );
      const rename = [{ op: 'replace', path: 'displayName', value: 'Mallory' }];
      expect((await patch(`/Users/${mine.id}`, rename)).status).toBe(404);
      expect((await scim('DELETE', `/Users/${mine.id}`)).status).toBe(404);
      expect(await accountOf(`${victim.accountId}@example.invalid`)).toMatchObject({
        ...{ state: 'active', name: 'Test', role: 'member' },
      });
    } finally {
      await thief.end();
    }
  });
});
