import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { startDirectoryDesk, type DirectoryDesk } from '../../../tests/directory-desk.ts';
import { eventually } from '../../../tests/sealed-tenant.ts';
import { signInPerson, type SignedIn } from '../../../tests/sign-in-person.ts';
import { stealDatabase } from '../../../tests/stolen-database.ts';
import type { Answer } from '../../../tests/test-server.ts';
import { invite as inviteAs } from '../invitations/invite.ts';
import { openSession } from '../start-session.ts';

type Session = { accessToken: string; tenants: { id: string; role: string }[] };
type Role = 'member' | 'admin';

const PASSWORD = ['Correct', 'horse', '7'].join('-');

describe('single sign-on alone', () => {
  let desk: DirectoryDesk;
  let thief: pg.Client;
  let hash: string;
  let glass: SignedIn & { email: string };

  beforeAll(async () => {
    desk = await startDirectoryDesk();
    thief = await stealDatabase(desk.appliance);
    hash = await desk.appliance.parts.identity.hasher.hash(PASSWORD);
  });
  afterAll(async () => {
    await thief.end();
    await desk.stop();
  });
  beforeEach(async () => {
    desk.reset();
    glass = await withPassword({ [desk.tenantId]: 'admin' });
  });

  const withPassword = async (
    memberships: Record<string, Role>,
  ): Promise<SignedIn & { email: string }> => {
    const { rights } = desk.appliance.parts.identity;
    const person = await signInPerson(desk.appliance, memberships);
    const { accountId: id, auditId } = person;
    const email = `${id}@example.invalid`;
    const facts = { id, auditId, email, platformRole: null, passwordHash: hash, factors: null };
    await desk.appliance.superuser.query(
      'update control.accounts set password_hash = $2, seal = $3 where id = $1',
      [id, hash, rights.sealAccount(facts)],
    );
    return { ...person, email };
  };
  const signIn = (email: string, password = PASSWORD): Promise<Answer> =>
    desk.post('/api/session', { email, password }, null);
  const ask = (
    method: string,
    path: string,
    json?: object,
    who: { token: string } = glass,
  ): Promise<Answer> =>
    desk.server.ask(method, `/api/tenants/${desk.tenantId}${path}`, {
      token: who.token,
      ...(json ? { json } : {}),
    });
  const rules = (json: object): Promise<Answer> => ask('PUT', '/sign-in', json);
  /** An administrator who came by the directory, and has shown a second factor. */
  const comeAsAdmin = async (): Promise<{ accountId: string; token: string }> => {
    desk.said = desk.someone();
    const { account } = (await desk.signInBy()).json<Session & { account: { id: string } }>();
    const { id: accountId } = account;
    expect((await ask('PATCH', `/team/${accountId}`, { role: 'admin' })).status).toBe(204);
    const ctx = desk.appliance.contextOf(null, null);
    const by = { connectionId: desk.ofLiar, onlyTenant: desk.tenantId, providerSession: null };
    const person = { id: accountId, auditId: accountId, email: '', name: '', platformRole: null };
    const { sessionId } = await ctx.inControl((tx) =>
      openSession(tx, ctx, { ...person, factorShown: true, by }),
    );
    const { accessToken } = await desk.appliance.parts.identity.tokens.issue({
      accountId,
      sessionId,
    });
    return { accountId, token: accessToken };
  };
  const documents = async (token: string, id = desk.tenantId): Promise<number> =>
    (await desk.server.ask('GET', `/api/tenants/${id}/documents`, { token })).status;
  /** While passwords are shut out, but for the emergency account. */
  const shut = async (work: () => Promise<void>): Promise<void> => {
    expect((await rules({ ssoOnly: true, breakGlass: glass.accountId })).status).toBe(204);
    try {
      await work();
    } finally {
      await desk.appliance.superuser.query('delete from control.sign_in_rules');
      await desk.appliance.superuser.query('delete from control.tenant_sign_in');
    }
  };

  it('AUT-06: where single sign-on alone is let in no password opens the tenant, but for one account, whose use is told', async () => {
    const member = await withPassword({ [desk.tenantId]: 'member' });
    const guest = await withPassword({ [desk.tenantId]: 'member', [desk.other]: 'member' });
    const before = (await signIn(member.email)).json<Session>();
    expect(await documents(before.accessToken)).toBe(200);
    // Nobody without a password, and no member, can be the one.
    for (const breakGlass of [null, desk.admin.accountId, member.accountId])
      expect((await rules({ ssoOnly: true, breakGlass })).status).toBe(409);
    await shut(async () => {
      const wrong = await signIn(member.email, `${PASSWORD}x`);
      const unknown = await signIn('nobody@example.invalid');
      expect([wrong.status, unknown.status]).toEqual([401, 401]);
      const refused = await signIn(member.email);
      expect([refused.status, refused.headers['set-cookie']]).toEqual([403, undefined]);
      // A session of before loses the tenant; one of somebody with another tenant opens that one.
      await eventually(async () =>
        (await documents(before.accessToken)) === 404 ? true : undefined,
      );
      const elsewhere = (await signIn(guest.email)).json<Session>();
      expect(elsewhere.tenants.map(({ id }) => id)).toEqual([desk.other]);
      expect([
        await documents(elsewhere.accessToken),
        await documents(elsewhere.accessToken, desk.other),
      ]).toEqual([404, 200]);
      expect((await desk.signInBy()).json<Session>().tenants.map(({ id }) => id)).toEqual([
        desk.tenantId,
      ]);
      const broken = (await signIn(glass.email)).json<Session>();
      expect(broken.tenants.map(({ id }) => id)).toEqual([desk.tenantId]);
      const { rowCount } = await desk.appliance.superuser.query(
        `select from control.audit_events where action = 'session.break_glass' and tenant_id = $1
         and resource_id = $2`,
        [desk.tenantId, glass.auditId],
      );
      expect(rowCount).toBe(1);
    });
    await eventually(async () =>
      (await documents(before.accessToken)) === 200 ? true : undefined,
    );
    expect((await signIn(member.email)).status).toBe(201);
  });

  it('AUT-06: neither the emergency account nor the last connection goes while single sign-on alone lets in', async () => {
    const { accountId } = glass;
    const lead = await comeAsAdmin();
    const off = (id: string): Promise<Answer> =>
      ask('POST', `/connections/${id}/state`, { state: 'off' });
    await shut(async () => {
      for (const answer of [
        await ask('DELETE', `/team/${accountId}`, undefined, lead),
        await ask('PATCH', `/team/${accountId}`, { role: 'reviewer' }, lead),
      ])
        expect([answer.status, answer.text.includes('emergency account')]).toEqual([409, true]);
      // Another administrator goes as ever, and the last connection but one.
      const another = await signInPerson(desk.appliance, { [desk.tenantId]: 'admin' });
      expect((await ask('DELETE', `/team/${another.accountId}`)).status).toBe(204);
      expect((await off(desk.ofReal)).status).toBe(204);
      for (const answer of [
        await off(desk.ofLiar),
        await ask('DELETE', `/connections/${desk.ofLiar}`),
      ]) {
        const told = answer.text.includes('by this connection alone');
        expect([answer.status, told]).toEqual([409, true]);
      }
      desk.said = desk.someone();
      expect((await desk.signInBy()).status).toBe(201);
      expect((await signIn(glass.email)).status).toBe(201);
    });
    // With passwords everything goes.
    expect((await off(desk.ofLiar)).status).toBe(204);
    for (const id of [desk.ofLiar, desk.ofReal])
      await ask('POST', `/connections/${id}/state`, { state: 'active' });
  });

  it('AUT-06: whoever can not come in is no administrator to count on, and whom the host asks in then comes in', async () => {
    const lead = await comeAsAdmin();
    const email = 'first@nowhere.example';
    const invite = (): Promise<Answer> => {
      const json = { email, tenantId: desk.tenantId, role: 'admin' };
      return desk.post('/api/platform/invitations', json, desk.operator);
    };
    await shut(async () => {
      const account = `/api/platform/accounts/${glass.accountId}`;
      expect((await desk.post(`${account}/deactivate`, {}, desk.operator)).status).toBe(204);
      const { rowCount } = await desk.appliance.superuser.query(
        `select from control.audit_events where action = 'sign_in.emergency_lost' and tenant_id = $1`,
        [desk.tenantId],
      );
      expect(rowCount).toBe(1);
      const seen = await ask('GET', '/sign-in', undefined, lead);
      expect(seen.json()).toMatchObject({ ssoOnly: true, sound: true, emergency: false });
      // Somebody comes in by their directory still; then nobody, whatever roles there are.
      expect((await invite()).status).toBe(409);
      await desk.appliance.superuser.query('delete from control.external_identities');
      expect((await invite()).status).toBe(409);
      const { appliance, tenantId } = desk;
      const to = { tenantId, role: 'admin' } as const;
      const ctx = appliance.contextOf(null, null);
      const { link } = await inviteAs(ctx, appliance.parts.identity, { email, to });
      const token = link?.split('#')[1] ?? '';
      const password = `${PASSWORD}-first`;
      const json = { token, name: 'First', password };
      const accepted = await desk.post('/api/invitations/accept', json, null);
      expect([accepted.status, accepted.text]).toEqual([201, expect.any(String)]);
      const session = await signIn(email, password);
      expect(session.json<Session>().tenants.map(({ id }) => id)).toEqual([desk.tenantId]);
      await desk.post(`${account}/reactivate`, {}, desk.operator);
    });
  });

  it('AUT-06: whoever writes the database opens no tenant to a password, and the rules of before count until they are said anew', async () => {
    const member = await withPassword({ [desk.tenantId]: 'member' });
    const lead = await comeAsAdmin();
    await shut(async () => {
      for (const sql of [
        'delete from control.sign_in_rules',
        'update control.sign_in_rules set sso_only = false',
        `update control.sign_in_rules set break_glass = '${member.accountId}'`,
      ]) {
        await thief.query(sql);
        expect((await signIn(member.email)).status).toBe(403);
      }
      // Not even the one that was the emergency account: who comes by the directory says it anew.
      expect((await signIn(glass.email)).status).toBe(403);
      const seen = await ask('GET', '/sign-in', undefined, lead);
      expect(seen.json()).toMatchObject({ sound: false, emergency: false });
      const json = { ssoOnly: true, breakGlass: glass.accountId };
      expect((await ask('PUT', '/sign-in', json, lead)).status).toBe(204);
      expect((await signIn(glass.email)).status).toBe(201);
    });
    const { superuser } = desk.appliance;
    await superuser.query(
      'insert into control.tenant_sign_in (tenant_id, sso_only, break_glass) values ($1, true, $2)',
      [desk.tenantId, glass.accountId],
    );
    for (const sql of [
      'update control.tenant_sign_in set sso_only = false',
      `insert into control.tenant_sign_in (tenant_id, sso_only) values ('${desk.other}', true)`,
    ])
      await expect(thief.query(sql)).rejects.toThrow(/permission denied/);
    await thief.query('delete from control.tenant_sign_in');
    expect((await signIn(member.email)).status).toBe(403);
    expect((await signIn(glass.email)).status).toBe(201);
    await superuser.query('delete from control.tenant_sign_in');
    expect((await signIn(member.email)).status).toBe(201);
  });

  describe('connections of the platform', () => {
    const group = 'platform leads';
    const wish = (mappings: object[]): object => ({
      ...{ kind: 'oidc', name: 'Group of companies', domains: ['platform.example'], mappings },
      ...{ settings: { issuer: desk.liar.issuer, client: 'casemate' }, justInTime: true },
    });
    const leads = (): object => ({ group, tenantId: desk.tenantId, role: 'admin' });
    const asked = async (id: string): Promise<{ id: string; state: string; terms: string }> => {
      const { connections } = (await ask('GET', '/platform-connections')).json<{
        connections: { id: string; state: string; terms: string }[];
      }>();
      return connections.find((one) => one.id === id) ?? { id, state: 'none', terms: '' };
    };
    const path = (id: string): string => `/platform-connections/${id}`;
    const put = (id: string, mappings: object[]): Promise<Answer> =>
      desk.server.ask('PUT', `/api/platform/connections/${id}`, {
        ...{ token: desk.operator.token, json: wish(mappings) },
      });

    it('RBA-01: one of the platform gives nobody a role in a tenant that did not let it in as it is, and opens it to nobody', async () => {
      const { operator } = desk;
      await desk.post('/api/platform/email-domains', { domain: 'platform.example' }, operator);
      const made = await desk.post('/api/platform/connections', wish([leads()]), operator);
      const { id } = made.json<{ id: string }>();
      await desk.post(`/api/platform/connections/${id}/state`, { state: 'active' }, operator);
      const email = 'lead@platform.example';
      desk.said = desk.someone({ email, groups: [group] });
      const person = desk.said;
      expect((await desk.signInBy(id)).status).toBe(403);
      expect(await asked(id)).toMatchObject({
        state: 'asks',
        mappings: [{ group, role: 'admin' }],
      });
      // Not whoever runs the platform, not for another tenant, and not for what was not seen.
      const { terms } = await asked(id);
      expect((await ask('PUT', path(id), { terms }, operator)).status).toBe(404);
      const stranger = await withPassword({ [desk.other]: 'admin' });
      expect((await ask('PUT', path(id), { terms }, stranger)).status).toBe(404);
      expect((await ask('PUT', path(id), { terms: 'ab'.repeat(32) })).status).toBe(412);
      const forged =
        'insert into control.connection_consents (connection_id, tenant_id, terms, seal)';
      await thief.query(`${forged} values ($1, $2, $3, $3)`, [
        ...[id, desk.tenantId, Buffer.from(terms, 'hex')],
      ]);
      expect((await desk.signInBy(id)).status).toBe(403);
      expect((await ask('PUT', path(id), { terms })).status).toBe(204);
      const session = (await desk.signInBy(id)).json<Session>();
      expect(session.tenants).toMatchObject([{ id: desk.tenantId, role: 'admin' }]);
      // Another role than the one that was let in: it is out at once, and gives and takes nothing.
      expect((await put(id, [{ ...leads(), role: 'member' }])).status).toBe(200);
      expect((await asked(id)).state).toBe('asks');
      expect(await documents(session.accessToken)).not.toBe(200);
      desk.said = person;
      expect((await desk.signInBy(id)).status).toBe(403);
      expect((await put(id, [leads()])).status).toBe(200);
      expect((await desk.signInBy(id)).status).toBe(403);
      expect((await ask('PUT', path(id), { terms })).status).toBe(204);
      const again = (await desk.signInBy(id)).json<Session>();
      expect(again.tenants).toMatchObject([{ id: desk.tenantId, role: 'admin' }]);
      expect((await ask('DELETE', path(id))).status).toBe(204);
      expect((await ask('DELETE', path(id))).status).toBe(404);
      expect((await desk.signInBy(id)).status).toBe(403);
    });

    it('RBA-01: by an address of the platform’s no member of a tenant is taken that did not let it in', async () => {
      const { operator, appliance } = desk;
      await desk.post('/api/platform/email-domains', { domain: 'platform.example' }, operator);
      const made = await desk.post('/api/platform/connections', wish([]), operator);
      const { id } = made.json<{ id: string }>();
      await desk.post(`/api/platform/connections/${id}/state`, { state: 'active' }, operator);
      const member = await signInPerson(appliance, { [desk.tenantId]: 'member' });
      const email = `m${member.accountId}@platform.example`;
      const { accountId, auditId } = member;
      const facts = { id: accountId, auditId, email, platformRole: null, factors: null };
      const seal = appliance.parts.identity.rights.sealAccount({ ...facts, passwordHash: '!' });
      await appliance.superuser.query(
        'update control.accounts set email = $2, seal = $3 where id = $1',
        [accountId, email, seal],
      );
      desk.said = desk.someone({ email });
      const refused = await desk.signInBy(id);
      expect([refused.status, refused.text.includes('security settings')]).toEqual([403, true]);
      // Their own yes connects the account; it opens the tenant once that says yes, too.
      const linking = desk.away(await desk.post('/api/me/identities', { connection: id }, member));
      const code = linking.nonce;
      expect((await desk.answer(linking, { code }, member.token)).status).toBe(201);
      expect((await desk.signInBy(id)).status).toBe(403);
      const { terms } = await asked(id);
      expect((await ask('PUT', path(id), { terms })).status).toBe(204);
      const session = (await desk.signInBy(id)).json<Session>();
      expect(session.tenants).toMatchObject([{ id: desk.tenantId, role: 'member' }]);
      expect(await documents(session.accessToken)).toBe(200);
      expect((await ask('DELETE', path(id))).status).toBe(204);
      await eventually(async () =>
        (await documents(session.accessToken)) === 404 ? true : undefined,
      );
    });
  });
});
