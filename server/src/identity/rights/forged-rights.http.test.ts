import bcrypt from 'bcrypt';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { partsInfo } from '../../../tests/parts-info.ts';
import { eventually } from '../../../tests/sealed-tenant.ts';
import { signInPerson, type SignedIn } from '../../../tests/sign-in-person.ts';
import { startAppliance, type TestAppliance } from '../../../tests/test-appliance.ts';
import { startServer, type Answer, type TestServer } from '../../../tests/test-server.ts';
import { newId } from '../../platform/index.ts';
import { acceptRows, adoptRows, findPerson, listUntrusted, makeSetupLink } from '../index.ts';

const PASSWORD = 'Correct-horse-7';

/** Whoever holds the password of the server's account in the database writes what the server may write. */
describe('rights that somebody wrote into the database', () => {
  let appliance: TestAppliance;
  let server: TestServer;
  let thief: pg.Client;
  let tenantId: string;
  let own: { id: string; email: string; password: string };
  let hash: string;

  beforeAll(async () => {
    appliance = await startAppliance({
      CASEMATE_REGISTRATION_PER_MINUTE: 1_000,
      CASEMATE_ANONYMOUS_PER_MINUTE: 10_000,
    });
    // A row of the version before, which the first start takes over.
    hash = await bcrypt.hash(PASSWORD, 12);
    await appliance.superuser.query(
      `insert into control.accounts (id, audit_id, email, name, password_hash)
       values ($1, $2, 'before@example.invalid', 'Before', $3)`,
      [newId(), newId(), hash],
    );
    server = await startServer(appliance.config);
    tenantId = await appliance.makeTenant();
    const { socketDir: host, port } = partsInfo();
    const path = 'casemate-database/static-creds/casemate_server';
    const { password } = await appliance.parts.platform.vault.read(path);
    const database = appliance.config.CASEMATE_DATABASE_NAME;
    const user = 'casemate_server';
    thief = new pg.Client({ host, port, database, user, password: String(password) });
    await thief.connect();
    own = await setUp('owner@example.invalid');
  });
  afterAll(async () => {
    await thief.end();
    await server.stop();
    await appliance.stop();
  });

  /** The rightful path to an account: a set-up link of the host. */
  async function setUp(email: string): Promise<typeof own> {
    const { token } = await makeSetupLink(appliance.contextOf(null, null));
    const json = { token, email, name: 'Owner', password: PASSWORD };
    const made = await server.ask('POST', '/api/setup', { json });
    expect(made.status).toBe(201);
    return { id: made.json<{ account: { id: string } }>().account.id, email, password: PASSWORD };
  }
  const signIn = (email: string, password = PASSWORD): Promise<Answer> =>
    server.ask('POST', '/api/session', { json: { email, password } });
  const auditIdOf = async (id: string): Promise<string> => {
    const { rows } = await thief.query<{ id: string }>(
      'select audit_id as id from control.accounts where id = $1',
      [id],
    );
    return rows[0]?.id ?? '';
  };
  /** The audit log says it, and says of whom. */
  const told = (what: 'account' | 'membership', auditId: string): Promise<true> =>
    eventually(async () => {
      const { rows } = await appliance.superuser.query(
        `select from control.audit_events
         where action = $1 and resource_id = $2 and outcome = 'refused'`,
        [`${what}.distrust`, auditId],
      );
      return rows.length > 0 ? true : undefined;
    });
  const insertAccount = async (more: { seal: Buffer | null; role?: string }): Promise<string> => {
    const id = newId();
    await thief.query(
      `insert into control.accounts (id, audit_id, email, name, password_hash, platform_role, seal)
       values ($1, $2, $3, 'Thief', $4, $5, $6)`,
      [id, newId(), `${id}@example.invalid`, hash, more.role ?? 'super_admin', more.seal],
    );
    return id;
  };
  const sealOf = async (id: string): Promise<Buffer | null> => {
    const { rows } = await thief.query<{ seal: Buffer | null }>(
      'select seal from control.accounts where id = $1',
      [id],
    );
    return rows[0]?.seal ?? null;
  };

  it('AUT-01: an account that was made there signs nobody in, without a seal, with one made up, with another’s', async () => {
    for (const seal of [null, Buffer.alloc(32, 7), await sealOf(own.id)]) {
      const id = await insertAccount({ seal });
      expect((await signIn(`${id}@example.invalid`)).status).toBe(401);
      await told('account', await auditIdOf(id));
    }
    // The twin: the one of the set-up link.
    expect((await signIn(own.email)).status).toBe(201);
  });

  it('AUT-01: the hash of a password that was put in another’s place opens nothing; the right one again does', async () => {
    const { rows } = await thief.query<{ hash: string }>(
      'select password_hash as hash from control.accounts where id = $1',
      [own.id],
    );
    const put = (stored: string | undefined): Promise<unknown> =>
      thief.query('update control.accounts set password_hash = $2 where id = $1', [own.id, stored]);
    const { accessToken } = (await signIn(own.email)).json<{ accessToken: string }>();
    await put(await bcrypt.hash('Another-horse-8', 12));
    expect((await signIn(own.email, 'Another-horse-8')).status).toBe(401);
    await told('account', await auditIdOf(own.id));
    // Nor does a session count while the row is not what the server wrote.
    await eventually(async () => {
      const { status } = await server.ask('GET', '/api/me', { token: accessToken });
      return status === 401 ? true : undefined;
    });
    await put(rows[0]?.hash);
    expect((await signIn(own.email)).status).toBe(201);
  });

  it('AUT-01: an address that was moved to another account names nobody', async () => {
    const other = await setUp('other@example.invalid');
    const ctx = appliance.contextOf(null, null);
    const find = (): ReturnType<typeof findPerson> =>
      findPerson(ctx, appliance.parts.identity, { email: other.email });
    await expect(find()).resolves.toMatchObject({ accountId: other.id });
    const move = (id: string, email: string): Promise<unknown> =>
      thief.query('update control.accounts set email = $2 where id = $1', [id, email]);
    await move(other.id, 'gone@example.invalid');
    await move(own.id, other.email);
    await expect(find()).resolves.toBeUndefined();
    await move(own.id, own.email);
    await move(other.id, other.email);
    await expect(find()).resolves.toMatchObject({ accountId: other.id });
  });

  it('ISO-05: a membership that was made there, or raised, opens no tenant; the server’s own does', async () => {
    const documents = (who: SignedIn): Promise<number> =>
      server
        .ask('GET', `/api/tenants/${tenantId}/documents`, { token: who.token })
        .then(({ status }) => status);
    const member = await signInPerson(appliance, { [tenantId]: 'member' });
    const outsider = await signInPerson(appliance);
    expect(await documents(member)).toBe(200);
    const { rows } = await thief.query<{ seal: Buffer }>(
      'select seal from control.memberships where account_id = $1',
      [member.accountId],
    );
    for (const seal of [null, Buffer.alloc(32, 7), rows[0]?.seal]) {
      await thief.query(
        `insert into control.memberships (account_id, tenant_id, role, seal) values ($1, $2, 'member', $3)
         on conflict (account_id, tenant_id) do update set seal = excluded.seal`,
        [outsider.accountId, tenantId, seal],
      );
      const fresh = { ...outsider, ...(await again(outsider)) };
      expect(await documents(fresh)).toBe(404);
    }
    await told('membership', outsider.auditId);
    await thief.query(`update control.memberships set role = 'admin' where account_id = $1`, [
      member.accountId,
    ]);
    await eventually(async () => ((await documents(member)) === 404 ? true : undefined));
    await told('membership', member.auditId);
    await thief.query(`update control.memberships set role = 'member' where account_id = $1`, [
      member.accountId,
    ]);
    await eventually(async () => ((await documents(member)) === 200 ? true : undefined));
  });

  /** A session of the same person that no process has looked at yet. */
  async function again(person: SignedIn): Promise<{ token: string }> {
    const sessionId = newId();
    await appliance.superuser.query(
      `insert into control.sessions (id, account_id, expires_at) values ($1, $2, now() + interval '1 hour')`,
      [sessionId, person.accountId],
    );
    const { tokens } = appliance.parts.identity;
    const { accessToken } = await tokens.issue({ accountId: person.accountId, sessionId });
    return { token: accessToken };
  }

  it('AUT-01: what stood there before the first start was taken over once; nothing later is, and nobody undoes it', async () => {
    expect((await signIn('before@example.invalid')).status).toBe(201);
    const id = await insertAccount({ seal: null });
    for (const change of [
      'update control.sealed_rights set adopted_at = null',
      `update control.sealed_rights set adopted_at = now() + interval '1 year'`,
      'delete from control.sealed_rights',
      'insert into control.sealed_rights values (false, null)',
      'truncate control.sealed_rights',
    ])
      await expect(thief.query(change)).rejects.toMatchObject({ code: '42501' });
    await adoptRows(appliance.parts.platform);
    expect((await signIn(`${id}@example.invalid`)).status).toBe(401);
  });

  it('AUT-01: whoever runs the host sees such rows and accepts one of them, which the audit log tells', async () => {
    const system = appliance.contextOf(null, null);
    const id = await insertAccount({ seal: null });
    const email = `${id}@example.invalid`;
    const seen = await listUntrusted(system);
    expect(seen.accounts).toContainEqual(
      expect.objectContaining({ email, platformRole: 'super_admin' }),
    );
    expect(seen.accounts.map((account) => account.email)).not.toContain(own.email);
    // What is accepted is what is shown: a factor, a level or a custom role is in the seal as well.
    const role = newId();
    await appliance.superuser.query(
      `with role as (
         insert into control.custom_roles (id, tenant_id, name, permissions, seal)
         values ($1, $2, 'Archivist', '{documents.read}', sha256('x')))
       insert into control.memberships (account_id, tenant_id, role, level, custom_roles, seal)
       values ($3, $2, 'member', 70, array[$1::uuid], sha256('x'))`,
      [role, tenantId, id],
    );
    await appliance.superuser.query(
      `insert into control.account_factors (id, account_id, kind, name, confirmed_at)
       values ($1, $2, 'totp', 'Planted', now())`,
      [newId(), id],
    );
    const planted = await listUntrusted(system);
    expect(planted.accounts.find((one) => one.email === email)?.factors).toEqual([
      expect.stringMatching(/^totp "Planted" of \d{4}-\d\d-\d\d$/),
    ]);
    expect(planted.memberships).toContainEqual(
      expect.objectContaining({ email, level: 70, customRoles: ['Archivist'] }),
    );
    await appliance.superuser.query('delete from control.memberships where account_id = $1', [id]);
    const accept = (whose: string, factors: 'keep' | 'drop' | null = null) =>
      acceptRows(system, appliance.parts.identity, { email: whose, factors });
    await expect(accept('nobody@example.invalid')).rejects.toMatchObject({ code: 'not_found' });
    // Of factors, with which whoever holds one signs in, nothing is taken in silence.
    await expect(accept(email)).rejects.toThrow('totp "Planted"');
    expect((await signIn(email)).status).toBe(401);
    const dropped = { accounts: 1, memberships: 0, factorsDropped: 1 };
    expect(await accept(email, 'drop')).toEqual(dropped);
    expect((await signIn(email)).status).toBe(201);
    const { rows } = await appliance.superuser.query(
      `select from control.audit_events where action = 'rights.accept' and resource_id = $1`,
      [await auditIdOf(id)],
    );
    expect(rows).toHaveLength(1);
  });
});
