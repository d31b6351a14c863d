import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { partsInfo } from '../../../tests/parts-info.ts';
import { eventually } from '../../../tests/sealed-tenant.ts';
import { signInPerson, type SignedIn } from '../../../tests/sign-in-person.ts';
import { startAppliance, type TestAppliance } from '../../../tests/test-appliance.ts';
import { startServer, type Answer, type TestServer } from '../../../tests/test-server.ts';
import { soon } from '../../../tests/soon.ts';
import type { TenantRole } from '../../platform/index.ts';
import { findStanding, listAllKeys, revokeAnyKey } from '../index.ts';

type Key = {
  id: string;
  key: string;
  hint: string;
  state: string;
  owner: { id: string; name: string; kind: string };
  lastUsedAt: string | null;
};

/** What a process remembers of a key is at most this old. */

describe('API keys', () => {
  let appliance: TestAppliance;
  let server: TestServer;
  let tenantId: string;
  let otherId: string;
  let admin: SignedIn;
  let member: SignedIn;
  let reviewer: SignedIn;
  let stranger: SignedIn;
  let operator: SignedIn;

  beforeAll(async () => {
    appliance = await startAppliance({
      CASEMATE_ANONYMOUS_PER_MINUTE: 10_000,
      CASEMATE_ACCOUNT_PER_MINUTE: 10_000,
    });
    server = await startServer(appliance.config);
    [tenantId, otherId] = [await appliance.makeTenant(), await appliance.makeTenant()];
    admin = await signInPerson(appliance, { [tenantId]: 'admin', [otherId]: 'admin' });
    member = await signInPerson(appliance, { [tenantId]: 'member' });
    reviewer = await signInPerson(appliance, { [tenantId]: 'reviewer' });
    stranger = await signInPerson(appliance, { [otherId]: 'admin' });
    operator = await signInPerson(appliance, { [tenantId]: 'admin' }, 'super_admin');
  });
  afterAll(async () => {
    await server.stop();
    await appliance.stop();
  });

  const at = (rest: string, tenant = tenantId): string => `/api/tenants/${tenant}${rest}`;
  const wish = (more: object = {}): object => ({
    name: 'Nightly import',
    scopes: ['tenant.read', 'documents.read'],
    expiresInDays: 30,
    ...more,
  });
  const make = (who: { token: string }, more: object = {}, rest = '/api-keys'): Promise<Answer> =>
    server.ask('POST', at(rest), { token: who.token, json: wish(more) });
  const made = async (who: { token: string }, more: object = {}, rest?: string): Promise<Key> => {
    const answer = await make(who, more, rest);
    expect([answer.status, answer.text]).toEqual([201, expect.any(String)]);
    return answer.json<Key>();
  };
  const use = (key: string, path = at('/documents'), from?: string): Promise<Answer> =>
    server.ask('GET', path, { token: key, ...(from ? { from } : {}) });
  const listed = async (who: SignedIn): Promise<Key[]> =>
    (await server.ask('GET', at('/api-keys'), who)).json<{ keys: Key[] }>().keys;
  const service = async (role: TenantRole, name: string): Promise<string> => {
    const answer = await server.ask('POST', at('/service-accounts'), {
      token: admin.token,
      json: { name, role },
    });
    expect(answer.status).toBe(201);
    return answer.json<{ id: string }>().id;
  };

  describe('are refused', () => {
    it.each([
      ['without a scope', { scopes: [] }, 400],
      ['with a scope that no key can have', { scopes: ['seal.hold'] }, 400],
      ['with a scope that nobody has', { scopes: ['everything'] }, 400],
      ['with a scope that their owner has not', { scopes: ['documents.write'] }, 400],
      ['for ever', { expiresInDays: 367 }, 400],
      ['for no time', { expiresInDays: 0 }, 400],
      ['for a network that is none', { addresses: ['10.0.0.0/99'] }, 400],
      ['without a name', { name: ' ' }, 400],
      ['with what nobody asked for', { role: 'admin' }, 400],
    ])('RBA-04: %s', async (_what, more, status) => {
      expect((await make(member, more)).status).toBe(status);
      expect(await listed(member)).toEqual([]);
    });

    it('RBA-04: to reviewers, who write nothing, and to strangers', async () => {
      expect((await make(reviewer)).status).toBe(403);
      expect((await make(stranger)).status).toBe(404);
      expect((await server.ask('POST', at('/api-keys'), { json: wish() })).status).toBe(401);
    });

    it('RBA-04: to a key, whatever it may do: a key makes, lists and ends none', async () => {
      const scopes = ['tenant.read', 'documents.read', 'documents.write', 'documents.search'];
      const { id, key } = await made(admin, { scopes: [...scopes, 'conversations.use'] });
      expect((await make({ token: key })).status).toBe(403);
      expect((await use(key, at('/api-keys'))).status).toBe(403);
      expect((await server.ask('DELETE', at(`/api-keys/${id}`), { token: key })).status).toBe(403);
      expect((await use(key, '/api/me')).status).toBe(403);
      expect((await use(key)).status).toBe(200);
    });

    it('RBA-04: beyond twenty of an account, however many are asked for at once', async () => {
      const busy = await signInPerson(appliance, { [tenantId]: 'member' });
      const answers = await Promise.all(Array.from({ length: 30 }, () => make(busy)));
      expect(answers.filter(({ status }) => status === 201)).toHaveLength(20);
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201, 409]));
    });
  });

  describe('open', () => {
    it('RBA-04: what their scopes name and nothing else, in their tenant and nowhere else', async () => {
      const { key } = await made(admin);
      expect((await use(key, at('/conversations'))).status).toBe(403);
      expect((await use(key, at('/documents', otherId))).status).toBe(404);
      expect((await use(key, '/api/tenants')).status).toBe(403);
      expect((await use(key)).status).toBe(200);
      expect((await use(key, at('/documents'))).status).toBe(200);
    });

    it('RBA-04: nothing of the platform, though their owner runs it', async () => {
      const { key } = await made(operator);
      expect((await use(key, '/api/tenants')).status).toBe(403);
      expect((await use(key, '/api/platform/guards')).status).toBe(403);
      expect((await server.ask('GET', '/api/tenants', operator)).status).toBe(200);
      expect((await use(key)).status).toBe(200);
    });

    it('RBA-04: from their networks alone', async () => {
      const { key } = await made(member, { addresses: ['127.0.0.9', '10.0.0.0/8'] });
      expect((await use(key)).status).toBe(401);
      expect((await use(key, at('/documents'), '127.0.0.8')).status).toBe(401);
      expect((await use(key, at('/documents'), '127.0.0.9')).status).toBe(200);
    });

    it('RBA-04: only as they are, and not as something near them', async () => {
      const { key } = await made(member);
      const last = key.endsWith('A') ? 'B' : 'A';
      for (const wrong of [`${key.slice(0, -1)}${last}`, key.slice(4), key.toUpperCase()])
        expect((await use(wrong)).status).toBe(401);
      const asBasic = { authorization: `Basic ${Buffer.from(`${key}:`).toString('base64')}` };
      expect((await server.ask('GET', at('/documents'), { headers: asBasic })).status).toBe(401);
      expect(
        (await server.ask('GET', at('/documents'), { headers: { 'x-api-key': key } })).status,
      ).toBe(401);
      expect((await server.ask('GET', at(`/documents?token=${key}`))).status).toBe(401);
      expect((await use(key)).status).toBe(200);
    });
  });

  describe('end', () => {
    const endsAfter = async (key: string, act: () => Promise<unknown>): Promise<void> => {
      expect((await use(key)).status).toBe(200);
      await act();
      await soon();
      expect((await use(key)).status).toBe(401);
    };
    const sql = (text: string, values: unknown[]): Promise<unknown> =>
      appliance.superuser.query(text, values);

    it('RBA-04: when their owner revokes them, which nobody else can but an administrator', async () => {
      const { id, key } = await made(member);
      const other = await signInPerson(appliance, { [tenantId]: 'member' });
      const path = at(`/api-keys/${id}`);
      for (const [who, status] of [
        [other, 404],
        [reviewer, 404],
        [stranger, 404],
      ] as const)
        expect((await server.ask('DELETE', path, who)).status).toBe(status);
      const elsewhere = at(`/api-keys/${id}`, otherId);
      expect((await server.ask('DELETE', elsewhere, stranger)).status).toBe(404);
      await endsAfter(key, async () => {
        expect((await server.ask('DELETE', path, member)).status).toBe(204);
      });
      expect((await server.ask('DELETE', path, member)).status).toBe(204);
      const mine = (await listed(member)).find((one) => one.id === id);
      expect(mine).toMatchObject({ state: 'revoked' });
      const byAdmin = await made(member);
      await endsAfter(byAdmin.key, () =>
        server.ask('DELETE', at(`/api-keys/${byAdmin.id}`), admin),
      );
    });

    it('RBA-04: when their day has come', async () => {
      const { id, key } = await made(member);
      await endsAfter(key, () =>
        sql(`update control.api_keys set expires_at = now() where id = $1`, [id]),
      );
    });

    it('RBA-04: when their owner leaves the tenant, or is deactivated', async () => {
      const leaver = await signInPerson(appliance, { [tenantId]: 'member' });
      const left = await made(leaver);
      await endsAfter(left.key, () =>
        sql('delete from control.memberships where account_id = $1', [leaver.accountId]),
      );
      const gone = await signInPerson(appliance, { [tenantId]: 'member' });
      const last = await made(gone);
      await endsAfter(last.key, () =>
        sql(`update control.accounts set state = 'deactivated' where id = $1`, [gone.accountId]),
      );
    });

    it('RBA-04: to write when their owner may no longer write', async () => {
      const demoted = await signInPerson(appliance, { [tenantId]: 'admin' });
      const { key } = await made(demoted, { scopes: ['documents.write', 'documents.read'] });
      const write = (): Promise<Answer> =>
        server.ask('DELETE', at(`/documents/${tenantId}`), { token: key });
      expect((await write()).status).toBe(404);
      const { accountId } = demoted;
      const membership = { accountId, tenantId, role: 'member' as const };
      await sql('update control.memberships set role = $2, seal = $3 where account_id = $1', [
        accountId,
        'member',
        appliance.parts.identity.rights.sealMembership(membership),
      ]);
      await soon();
      expect((await write()).status).toBe(403);
      expect((await use(key)).status).toBe(200);
    });
  });

  describe('in the database', () => {
    it('RBA-04: stand as an HMAC alone, and are shown once', async () => {
      const { id, key, hint } = await made(member);
      const { rows } = await appliance.superuser.query<{ row: string }>(
        'select to_jsonb(key)::text as row from control.api_keys key where key.id = $1',
        [id],
      );
      expect(key.endsWith(hint)).toBe(true);
      expect(rows[0]?.row).not.toContain(key.slice(4, -4));
      const text = (await server.ask('GET', at('/api-keys'), member)).text;
      expect(text).toContain(id);
      expect(text).not.toContain(key.slice(4));
      await use(key);
      const seen = (await listed(member)).find((one) => one.id === id);
      expect(seen?.lastUsedAt).toEqual(expect.any(String));
    });

    it.each([
      ['with more scopes', `scopes = '{documents.read,documents.write,tenant.read}'`],
      ['for longer', `expires_at = now() + interval '9 years'`],
      ['from anywhere', `addresses = '{}'`],
      ['of another account', 'account_id = $2'],
      ['of another tenant', 'tenant_id = $3'],
    ])(
      'RBA-04: count for nothing as a thief of the database wrote them: %s',
      async (_what, set) => {
        const { id, key } = await made(member, { addresses: ['127.0.0.0/8'] });
        expect((await use(key)).status).toBe(200);
        await appliance.superuser.query(
          `update control.api_keys set ${set}
         where id = $1 and ($2::uuid is not null or $3::uuid is not null)`,
          [id, admin.accountId, otherId],
        );
        await soon();
        expect((await use(key)).status).toBe(401);
      },
    );

    it('RBA-04: can’t be made by whoever holds the password of the server’s account', async () => {
      const { socketDir: host, port } = partsInfo();
      const path = 'casemate-database/static-creds/casemate_server';
      const { password } = await appliance.parts.platform.vault.read(path);
      const database = appliance.config.CASEMATE_DATABASE_NAME;
      const login = { user: 'casemate_server', password: String(password) };
      const thief = new pg.Client({ host, port, database, ...login });
      await thief.connect();
      try {
        const { id, key } = await made(member);
        await expect(
          thief.query('update control.api_keys set scopes = $2 where id = $1', [id, ['x']]),
        ).rejects.toMatchObject({ code: '42501' });
        const copy = (hash: string): Promise<unknown> =>
          thief.query(
            `insert into control.api_keys (id, tenant_id, account_id, name, hash, hint, scopes,
               created_by, expires_at, seal)
             select gen_random_uuid(), tenant_id, $2, name, ${hash}, hint, scopes, created_by,
               expires_at, seal from control.api_keys where id = $1`,
            [id, admin.accountId],
          );
        // Their own good key under another's account, and a key of their own choice.
        await expect(copy('hash')).rejects.toMatchObject({ code: '23505' });
        const chosen = `cmk_${'x'.repeat(43)}`;
        await copy(`sha256('${chosen}')`);
        expect((await use(chosen)).status).toBe(401);
        expect((await use(key)).status).toBe(200);
      } finally {
        await thief.end();
      }
    });
  });

  describe('of service accounts', () => {
    it('RBA-04: are made by administrators of their tenant alone', async () => {
      const id = await service('member', 'Intranet search');
      const rest = `/service-accounts/${id}/api-keys`;
      expect((await make(member, {}, rest)).status).toBe(403);
      expect((await make(stranger, {}, rest)).status).toBe(404);
      const elsewhere = at(rest, otherId);
      const { token } = admin;
      expect((await server.ask('POST', elsewhere, { token, json: wish() })).status).toBe(404);
      expect((await make(admin, { scopes: ['documents.write'] }, rest)).status).toBe(400);
      const { key, owner } = await made(admin, {}, rest);
      expect(owner).toEqual({ id, name: 'Intranet search', kind: 'service' });
      expect((await use(key)).status).toBe(200);
      // The jobs that it asks for are judged by the same role.
      const { identity } = appliance.parts;
      const standing = await appliance
        .contextOf(null, null)
        .inControl((tx) => findStanding(tx, identity, { accountId: id, tenantId }));
      expect(standing).toMatchObject({ role: 'member', level: 50 });
      const again = { token, json: { name: 'intranet SEARCH', role: 'member' } };
      expect((await server.ask('POST', at('/service-accounts'), again)).status).toBe(409);
    });

    it('RBA-04: sign in nowhere, and end with all their keys at once', async () => {
      const id = await service('admin', 'Sync');
      const { key } = await made(admin, {}, `/service-accounts/${id}/api-keys`);
      const json = { email: `service+${id}@casemate.invalid`, password: '!' };
      for (const password of ['!', 'Correct-horse-7'])
        expect(
          (await server.ask('POST', '/api/session', { json: { ...json, password } })).status,
        ).not.toBe(201);
      const path = at(`/service-accounts/${id}`);
      expect((await server.ask('DELETE', path, member)).status).toBe(403);
      expect((await server.ask('DELETE', path, stranger)).status).toBe(404);
      expect((await use(key)).status).toBe(200);
      expect((await server.ask('DELETE', path, admin)).status).toBe(204);
      await soon();
      expect((await use(key)).status).toBe(401);
      expect((await server.ask('DELETE', path, admin)).status).toBe(404);
      // A person is none of them.
      const person = at(`/service-accounts/${member.accountId}`);
      expect((await server.ask('DELETE', person, admin)).status).toBe(404);
      expect((await server.ask('GET', at(''), member)).status).toBe(200);
    });
  });

  it('RBA-04: are listed and revoked by whoever runs the host, without a key', async () => {
    const { id, key, hint } = await made(member);
    const ctx = appliance.contextOf(null, null);
    const ids = async (wish: { tenantId: string | null; all: boolean }): Promise<string[]> =>
      (await listAllKeys(ctx, wish)).map((one) => one.id);
    expect(await ids({ tenantId: otherId, all: true })).not.toContain(id);
    expect(await ids({ tenantId, all: false })).toContain(id);
    expect(JSON.stringify(await listAllKeys(ctx, { tenantId: null, all: true }))).not.toContain(
      key.slice(4, -hint.length),
    );
    await expect(revokeAnyKey(ctx, tenantId)).rejects.toMatchObject({ code: 'not_found' });
    expect(await revokeAnyKey(ctx, id)).toEqual({ id, revoked: true });
    expect(await revokeAnyKey(ctx, id)).toEqual({ id, revoked: false });
    expect(await ids({ tenantId, all: false })).not.toContain(id);
    await soon();
    expect((await use(key)).status).toBe(401);
  });

  it('RBA-04: who makes and ends keys stands in the audit log, without the key', async () => {
    const { id, key } = await made(member);
    await server.ask('DELETE', at(`/api-keys/${id}`), member);
    const events = await eventually(async () => {
      const { rows } = await appliance.superuser.query<{ action: string; text: string }>(
        `select action, to_jsonb(event)::text as text from control.audit_events event
         where resource_id = $1 and tenant_id = $2 and actor_id = $3 order by at, id`,
        [id, tenantId, member.auditId],
      );
      return rows.length === 2 ? rows : undefined;
    });
    expect(events.map(({ action }) => action)).toEqual(['api_key.create', 'api_key.revoke']);
    for (const { text } of events) expect(text).not.toContain(key.slice(4));
  });
});
