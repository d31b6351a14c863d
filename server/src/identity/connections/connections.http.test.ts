import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { signInPerson, type SignedIn } from '../../../tests/sign-in-person.ts';
import { stealDatabase } from '../../../tests/stolen-database.ts';
import { startAppliance, type TestAppliance } from '../../../tests/test-appliance.ts';
import { startServer, type Answer, type TestServer } from '../../../tests/test-server.ts';
import { platformColumns } from '../../crypto/index.ts';
import { newId } from '../../platform/index.ts';
import { admitFromDirectory, type DirectoryPerson } from './admit-from-directory.ts';
import { findConnection, type ConnectionRow } from './repo.ts';

const SECRET = 'a secret of the client, kept';

describe('connections to directories', () => {
  let appliance: TestAppliance;
  let server: TestServer;
  let thief: pg.Client;
  let tenantId: string;
  let other: string;
  let admin: SignedIn;
  let operator: SignedIn;
  let count = 0;

  beforeAll(async () => {
    appliance = await startAppliance({
      CASEMATE_IDENTITY_HOSTS: ['idp.example'],
      CASEMATE_DNS_SERVERS: ['127.0.0.1:9'],
      CASEMATE_ANONYMOUS_PER_MINUTE: 100_000,
    });
    server = await startServer(appliance.config);
    [tenantId, other] = await Promise.all([appliance.makeTenant(), appliance.makeTenant()]);
    admin = await signInPerson(appliance, { [tenantId]: 'admin' });
    operator = await signInPerson(appliance, {}, 'super_admin');
    thief = await stealDatabase(appliance);
  });
  afterAll(async () => {
    await thief.end();
    await server.stop();
    await appliance.stop();
  });

  const wish = (more: object = {}): object => ({
    kind: 'oidc',
    name: 'House directory',
    settings: { issuer: 'https://idp.example', client: 'casemate' },
    secret: SECRET,
    domains: [],
    mappings: [],
    defaultRole: 'member',
    justInTime: true,
    ...more,
  });
  const post = (path: string, json: unknown, { token }: SignedIn = admin): Promise<Answer> =>
    server.ask('POST', path, { token, json });
  const of = (id = tenantId): string => `/api/tenants/${id}`;
  const idOf = (answer: Answer): string => answer.json<{ id: string }>().id;

  /** A domain that the operator has confirmed, and an active connection for it. */
  const connect = async (
    more: object = {},
    id = tenantId,
  ): Promise<{ connection: ConnectionRow; domain: string }> => {
    count += 1;
    const domain = `house${count}.example`;
    const who = id === tenantId ? admin : await signInPerson(appliance, { [id]: 'admin' });
    const claimed = await post(`${of(id)}/email-domains`, { domain }, who);
    const confirming = `/api/platform/email-domain-claims/${idOf(claimed)}/confirm`;
    await post(confirming, { tenantId: id, domain }, operator);
    const made = await post(`${of(id)}/connections`, wish({ domains: [domain], ...more }), who);
    expect(made.status).toBe(201);
    const on = await post(`${of(id)}/connections/${idOf(made)}/state`, { state: 'active' }, who);
    expect([on.status, on.text]).toEqual([204, '']);
    return { connection: await read(idOf(made)), domain };
  };
  const read = async (id: string): Promise<ConnectionRow> =>
    (await appliance
      .contextOf(null, null)
      .inControl((tx) => findConnection(tx, id))) as ConnectionRow;
  const admit = (connection: ConnectionRow, person: Partial<DirectoryPerson>) =>
    admitFromDirectory(appliance.contextOf(null, null), appliance.parts.identity, {
      connection,
      person: {
        ...{ subject: newId(), email: null, emailVouched: true, name: 'Ada', groups: [] },
        ...person,
      },
    });
  const roleOf = async (accountId: string, id = tenantId): Promise<string | undefined> => {
    const { rows } = await appliance.superuser.query<{ role: string }>(
      'select role from control.memberships where account_id = $1 and tenant_id = $2',
      [accountId, id],
    );
    return rows[0]?.role;
  };

  it('RBA-01: who is no administrator of the tenant neither sees nor makes one; its secret never comes back', async () => {
    const member = await signInPerson(appliance, { [tenantId]: 'member' });
    const stranger = await signInPerson(appliance, { [other]: 'admin' });
    for (const [who, status] of [
      [member, 403],
      [stranger, 404],
      [operator, 404],
    ] as const) {
      expect((await post(`${of()}/connections`, wish(), who)).status).toBe(status);
      const seen = await server.ask('GET', `${of()}/connections`, { token: who.token });
      expect(seen.status).toBe(status);
    }
    const made = await post(`${of()}/connections`, wish());
    expect(made.json()).toMatchObject({ state: 'draft', hasSecret: true, unlisted: [] });
    const listed = await server.ask('GET', `${of()}/connections`, { token: admin.token });
    expect(listed.text).not.toContain(SECRET);
    const { rows } = await appliance.superuser.query<{ value: string }>(
      'select value from control.connection_secrets where connection_id = $1',
      [idOf(made)],
    );
    expect(rows[0]?.value).toMatch(/^cm1\./);
    expect(platformColumns.map(({ table }) => table)).toContain('connection_secrets');
    const path = `${of(other)}/connections/${idOf(made)}/state`;
    expect((await post(path, { state: 'off' }, stranger)).status).toBe(404);
  });

  it('AUT-06: a connection to a host that nobody listed, or without a domain of one’s own, is not made active', async () => {
    const elsewhere = { issuer: 'https://metadata.internal', client: 'x' };
    const made = await post(`${of()}/connections`, wish({ settings: elsewhere }));
    expect(made.json()).toMatchObject({ unlisted: ['metadata.internal:443'] });
    const on = (id: string): Promise<Answer> =>
      post(`${of()}/connections/${id}/state`, { state: 'active' });
    expect(await on(idOf(made))).toMatchObject({ status: 409 });
    expect((await on(idOf(made))).text).toContain('IDENTITY_HOSTS');
    const bare = await post(`${of()}/connections`, wish({ domains: ['nobody.example'] }));
    expect((await on(idOf(bare))).text).toContain('e-mail domain');
    for (const issuer of [
      'http://idp.example',
      'https://a:b@idp.example',
      'https://idp.example?x=1',
    ])
      expect(
        (await post(`${of()}/connections`, wish({ settings: { issuer, client: 'x' } }))).status,
      ).toBe(400);
  });

  it('AUT-06: a claimed domain counts for nothing until it was shown, and for one owner alone', async () => {
    const domain = 'contested.example';
    const rival = await signInPerson(appliance, { [other]: 'admin' });
    const ours = idOf(await post(`${of()}/email-domains`, { domain }));
    const theirs = idOf(await post(`${of(other)}/email-domains`, { domain }, rival));
    // No DNS here says it.
    expect((await post(`${of()}/email-domains/${ours}/check`, {})).status).toBe(409);
    const confirm = (id: string, owner: string, who = operator): Promise<Answer> => {
      const path = `/api/platform/email-domain-claims/${id}/confirm`;
      return post(path, { tenantId: owner, domain }, who);
    };
    expect((await confirm(ours, tenantId, admin)).status).toBe(403);
    // The claim of another than the one that was seen.
    expect((await confirm(ours, other)).status).toBe(412);
    expect((await confirm(ours, tenantId)).status).toBe(204);
    expect((await confirm(theirs, other)).status).toBe(409);
    const { rowCount } = await appliance.superuser.query(
      'select from control.email_domains where domain = $1 and proven_at is not null',
      [domain],
    );
    expect(rowCount).toBe(1);
    // Nor does one that waits beside one that was shown.
    const { connection, domain: own } = await connect();
    await post(`${of()}/email-domains`, { domain: 'waiting.example' });
    const path = `${of()}/connections/${connection.id}`;
    const json = wish({ domains: [own, 'waiting.example'] });
    expect((await server.ask('PUT', path, { token: admin.token, json })).status).toBe(200);
    const early = await admit(connection, { email: 'ada@waiting.example' });
    expect(early.decision.refusal).toBe('domain_not_owned');
    expect((await admit(connection, { email: `ada@${own}` })).decision.outcome).toBe('admitted');
  });

  it('AUT-06: no account for an address that is not vouched for, or of another’s domain; one for the rightful', async () => {
    const { connection, domain } = await connect();
    const theirs = await connect({}, other);
    const email = `ada@${domain}`;
    const refusals = [
      [{ email, emailVouched: false }, 'email_not_vouched'],
      [{ email: null }, 'email_not_vouched'],
      [{ email: `ada@${theirs.domain}` }, 'domain_not_owned'],
      [{ email: `ada@sub.${domain}` }, 'domain_not_owned'],
      [{ email: `""@${domain}` }, 'email_not_vouched'],
      [{ email: `a,b@${domain}` }, 'email_not_vouched'],
      [{ email: `a\u202eb@${domain}` }, 'email_not_vouched'],
      [{ email: `ada@${theirs.domain}@${domain}` }, 'email_not_vouched'],
    ] as const;
    for (const [person, refusal] of refusals)
      expect((await admit(connection, person)).decision).toMatchObject({
        outcome: 'refused',
        refusal,
      });
    const { decision, account } = await admit(connection, { email, subject: 'ada' });
    expect(decision).toMatchObject({ outcome: 'admitted', account: 'create' });
    expect(await roleOf(account?.id ?? '')).toBe('member');
    // The same subject is the same account, whatever its address says now.
    const again = await admit(connection, { email: 'else@nowhere.example', subject: 'ada' });
    expect(again.account?.id).toBe(account?.id);
  });

  it('AUT-06: neither an administrator of the platform nor somebody of another tenant is taken by an address', async () => {
    const { connection, domain } = await connect();
    const rename = async (accountId: string, email: string): Promise<void> => {
      const { rights } = appliance.parts.identity;
      const { rows } = await appliance.superuser.query<{
        auditId: string;
        role: 'super_admin' | null;
      }>(
        'select audit_id as "auditId", platform_role as role from control.accounts where id = $1',
        [accountId],
      );
      const { auditId = '', role: platformRole = null } = rows[0] ?? {};
      const named = { id: accountId, auditId, email, platformRole };
      const facts = { ...named, passwordHash: '!', factors: null };
      await appliance.superuser.query(
        'update control.accounts set email = $2, seal = $3 where id = $1',
        [accountId, email, rights.sealAccount(facts)],
      );
    };
    const boss = await signInPerson(appliance, {}, 'super_admin');
    const guest = await signInPerson(appliance, { [tenantId]: 'member', [other]: 'member' });
    const lead = await signInPerson(appliance, { [tenantId]: 'admin' });
    const own = await signInPerson(appliance, { [tenantId]: 'member' });
    for (const [who, refusal] of [
      [boss, 'confirm_first'],
      [guest, 'confirm_first'],
      [lead, 'confirm_first'],
      [own, null],
    ] as const) {
      const email = `p${who.accountId}@${domain}`;
      await rename(who.accountId, email);
      const { decision, account } = await admit(connection, { email });
      expect(decision.refusal).toBe(refusal);
      expect(account?.id ?? null).toBe(refusal === null ? who.accountId : null);
      const { rowCount } = await appliance.superuser.query(
        'select from control.external_identities where account_id = $1',
        [who.accountId],
      );
      expect(rowCount).toBe(refusal === null ? 1 : 0);
    }
  });

  it('RBA-01: groups give the highest role, change it and take it away at the next sign-in, but never the last administrator', async () => {
    const mappings = [
      { group: 'staff', role: 'member' },
      { group: 'leads', role: 'admin' },
    ];
    const { connection, domain } = await connect({ mappings, defaultRole: null }, other);
    const ada = { subject: 'ada', email: `ada@${domain}` };
    expect((await admit(connection, { ...ada, groups: ['guests'] })).decision.refusal).toBe(
      'no_role',
    );
    const { account } = await admit(connection, { ...ada, groups: ['leads', 'staff'] });
    const id = account?.id ?? '';
    expect(await roleOf(id, other)).toBe('admin');
    await admit(connection, { ...ada, groups: ['staff'] });
    expect(await roleOf(id, other)).toBe('member');
    const gone = await admit(connection, { ...ada, groups: [] });
    expect([gone.decision.refusal, gone.account, await roleOf(id, other)]).toEqual([
      'no_role',
      null,
      undefined,
    ]);
    await admit(connection, { ...ada, groups: ['leads'] });
    await appliance.superuser.query(
      'delete from control.memberships where tenant_id = $1 and account_id <> $2',
      [other, id],
    );
    const last = await admit(connection, { ...ada, groups: ['staff'] });
    expect([last.decision.keptAdminOf, await roleOf(id, other)]).toEqual([[other], 'admin']);
  });

  it('AUT-06: of parallel first sign-ins of one person one makes the account', async () => {
    const { connection, domain } = await connect();
    const ada = { subject: 'ada', email: `ada@${domain}` };
    const made = await Promise.all(Array.from({ length: 8 }, () => admit(connection, ada)));
    expect(new Set(made.map(({ account }) => account?.id)).size).toBe(1);
    const ways = made.map(({ decision }) => decision.account);
    expect(ways.filter((way) => way === 'create')).toHaveLength(1);
  });

  it('AUT-06: what somebody wrote into the database links nobody, owns no domain and points nowhere else', async () => {
    const { connection, domain } = await connect();
    const victim = await signInPerson(appliance, { [tenantId]: 'admin' });
    const own = await admit(connection, { subject: 'own', email: `own@${domain}` });
    const { rows } = await thief.query<{ subject: Buffer; seal: Buffer }>(
      'select subject, seal from control.external_identities where account_id = $1',
      [own.account?.id],
    );
    // The thief's own identity, put on the administrator's account.
    await thief.query('delete from control.external_identities where account_id = $1', [
      own.account?.id,
    ]);
    await thief.query(
      `insert into control.external_identities (connection_id, subject, account_id, seal)
       values ($1, $2, $3, $4)`,
      [connection.id, rows[0]?.subject, victim.accountId, rows[0]?.seal],
    );
    const forged = await admit(connection, { subject: 'own', email: `own@${domain}` });
    expect([forged.decision.refusal, forged.account]).toEqual(['account_distrusted', null]);
    await thief.query('delete from control.external_identities where account_id = $1', [
      victim.accountId,
    ]);
    // A domain, with the seal of another.
    await thief.query(
      `insert into control.email_domains (id, tenant_id, domain, challenge, proven_at, proven_by, seal)
       select $1, tenant_id, 'stolen.example', challenge, now(), 'dns', seal
       from control.email_domains where domain = $2`,
      [newId(), domain],
    );
    await thief.query(
      `update control.connections set domains = domains || '{stolen.example}' where id = $1`,
      [connection.id],
    );
    const stolen = await admit(connection, { subject: 'eve', email: 'eve@stolen.example' });
    expect(stolen.decision.outcome).toBe('refused');
    // Nor does the connection, which was changed, let anybody in; saved anew, it does.
    expect(
      (await admit(connection, { subject: 'own', email: `own@${domain}` })).account,
    ).toBeNull();
    const saved = await server.ask('PUT', `${of()}/connections/${connection.id}`, {
      token: admin.token,
      json: wish({ domains: [domain] }),
    });
    expect(saved.status).toBe(200);
    // What somebody else wrote is believed in nothing, and so neither in that it is on.
    expect(saved.json<{ state: string }>().state).toBe('off');
    await post(`${of()}/connections/${connection.id}/state`, { state: 'active' });
    const mended = await admit(connection, { subject: 'own', email: `own@${domain}` });
    expect(mended.account?.id).toBe(own.account?.id);
    const eve = await admit(connection, { subject: 'eve', email: 'eve@stolen.example' });
    expect(eve.decision.refusal).toBe('domain_not_owned');
  });

  it('AUT-06: nobody puts the server’s word under a forged connection by switching it off and on', async () => {
    const { connection } = await connect();
    const state = (to: 'off' | 'active'): Promise<Answer> =>
      post(`${of()}/connections/${connection.id}/state`, { state: to });
    await thief.query(`update control.connections set default_role = 'admin' where id = $1`, [
      connection.id,
    ]);
    expect((await state('off')).status).toBe(204);
    expect((await state('active')).status).toBe(409);
    // A draft that somebody made active in the database stays off when it is saved.
    const draft = idOf(await post(`${of()}/connections`, wish({ domains: connection.domains })));
    await thief.query(`update control.connections set state = 'active' where id = $1`, [draft]);
    const json = wish({ domains: connection.domains });
    const path = `${of()}/connections/${draft}`;
    const saved = await server.ask('PUT', path, { token: admin.token, json });
    expect([saved.status, saved.json<{ state: string }>().state]).toEqual([200, 'off']);
  });

  it('AUT-06: an active connection is pointed at no host that nobody listed, and at another issuer nobody is linked', async () => {
    const { connection, domain } = await connect();
    const ada = { subject: 'ada', email: `ada@${domain}` };
    const { account } = await admit(connection, ada);
    const put = (issuer: string): Promise<Answer> =>
      server.ask('PUT', `${of()}/connections/${connection.id}`, {
        token: admin.token,
        json: wish({ settings: { issuer, client: 'casemate' }, domains: [domain] }),
      });
    const elsewhere = await put('https://metadata.internal');
    expect([elsewhere.status, elsewhere.text.includes('IDENTITY_HOSTS')]).toEqual([409, true]);
    expect((await read(connection.id)).settings['issuer']).toBe('https://idp.example');
    expect((await put('https://idp.example/realms/other')).status).toBe(200);
    // The same subject of another issuer is somebody else.
    const other = { subject: 'ada', email: `eve@${domain}` };
    const eve = await admit(connection, other);
    expect(eve.decision.account).toBe('create');
    expect(eve.account?.id).not.toBe(account?.id);
    expect((await put('https://idp.example')).status).toBe(200);
    expect((await admit(connection, ada)).account?.id).toBe(account?.id);
  });

  it('AUT-06: the dry run says what somebody would get, and changes nothing', async () => {
    const { connection, domain } = await connect({
      mappings: [{ group: 'leads', role: 'reviewer' }],
    });
    const path = `${of()}/connections/${connection.id}/dry-run`;
    const json = { email: `new@${domain}`, emailVouched: true, groups: ['leads'] };
    const counted = async (): Promise<unknown> => {
      const { rows } = await appliance.superuser.query(
        `select (select count(*) from control.accounts) as accounts,
           (select count(*) from control.memberships) as memberships,
           (select count(*) from control.audit_events) as events`,
      );
      return rows[0];
    };
    const before = await counted();
    expect((await post(path, { ...json, emailVouched: false })).json()).toMatchObject({
      refusal: 'email_not_vouched',
    });
    expect((await post(path, json)).json()).toMatchObject({
      outcome: 'admitted',
      account: 'create',
      matched: ['leads'],
      changes: [{ tenantId, from: null, role: 'reviewer' }],
    });
    expect(await counted()).toEqual(before);
  });
});
