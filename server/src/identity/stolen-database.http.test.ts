import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { partsInfo } from '../../tests/parts-info.ts';
import { signInPerson, type SignedIn } from '../../tests/sign-in-person.ts';
import { soon } from '../../tests/soon.ts';
import { startAppliance, type TestAppliance } from '../../tests/test-appliance.ts';
import { startServer, type Answer, type TestServer } from '../../tests/test-server.ts';
import { newId, type Platform } from '../platform/index.ts';
import { makeSetupLink } from './index.ts';

/** Whoever holds the password of the server's own account in the database, and nothing else of it. */
describe('a stolen database password', () => {
  let appliance: TestAppliance;
  let server: TestServer;
  let connection: pg.ClientConfig;
  let thief: pg.Client;
  let victim: SignedIn;
  let ownToken: string;
  const run = newId();

  beforeAll(async () => {
    appliance = await startAppliance({ CASEMATE_REGISTRATION_PER_MINUTE: 1_000 });
    server = await startServer(appliance.config);
    victim = await signInPerson(appliance, {}, 'super_admin');
    ownToken = victim.refreshToken;
    const { socketDir: host, port } = partsInfo();
    const path = 'casemate-database/static-creds/casemate_server';
    const { password } = await appliance.parts.platform.vault.read(path);
    const database = appliance.config.CASEMATE_DATABASE_NAME;
    connection = { host, port, database, user: 'casemate_server', password: String(password) };
    thief = new pg.Client(connection);
    await thief.connect();
    await writeEnded(appliance.superuser, victim);
    // There is one at a time, and the server may begin it.
    await thief.query(
      `insert into control.isolation_runs (id, version, origin) values ($1, '0', 'test')`,
      [run],
    );
  });
  afterAll(async () => {
    await thief.end();
    await server.stop();
    await appliance.stop();
  });

  /** Every way to store a token that needs no key. */
  const hashes: readonly (readonly [string, (token: string) => Buffer])[] = [
    ['as its SHA-256', (token) => createHash('sha256').update(token).digest()],
    ['as it is', (token) => Buffer.from(token)],
  ];
  const newToken = (): string => randomBytes(32).toString('base64url');
  const refresh = (token: string): Promise<Answer> =>
    server.ask('POST', '/api/session/refresh', {
      headers: {
        cookie: `__Secure-casemate-refresh=${token}`,
        origin: server.origin,
        host: `localhost:${server.port}`,
      },
    });
  const setUp = (token: string): Promise<Answer> =>
    server.ask('POST', '/api/setup', {
      json: {
        token,
        email: `${newId()}@example.invalid`,
        name: 'First',
        password: 'Correct-horse-7',
      },
    });

  it.each(hashes)(
    'SES-02: opens no session with a token that its holder stored %s; the person’s own does',
    async (_how, hashOf) => {
      const [token, sessionId] = [newToken(), newId()];
      await thief.query(
        `insert into control.sessions (id, account_id, expires_at) values ($1, $2, now() + interval '1 day')`,
        [sessionId, victim.accountId],
      );
      await thief.query('insert into control.refresh_tokens (hash, session_id) values ($1, $2)', [
        hashOf(token),
        sessionId,
      ]);
      expect((await refresh(token)).status).toBe(401);
      const own = await refresh(ownToken);
      expect([own.status, own.json<{ account: { id: string } }>().account.id]).toEqual([
        200,
        victim.accountId,
      ]);
      [, ownToken = ''] = /-refresh=([\w-]+)/.exec(String(own.headers['set-cookie'])) ?? [];
    },
  );

  it.each(hashes)(
    'SES-02: makes no administrator with a set-up link that its holder stored %s; the host’s own does',
    async (_how, hashOf) => {
      const token = newToken();
      await thief.query(
        `insert into control.setup_links (hash, kind, expires_at) values ($1, 'first_admin', now() + interval '1 day')`,
        [hashOf(token)],
      );
      expect((await setUp(token)).status).toBe(404);
      const { token: own } = await makeSetupLink(appliance.contextOf(null, null));
      expect((await setUp(own)).status).toBe(201);
    },
  );

  it('SES-02: moves no token of its holder to another person, nor takes one up that was used', async () => {
    const person = await signInPerson(appliance);
    for (const change of [
      `update control.refresh_tokens set session_id = session_id`,
      `update control.sessions set account_id = account_id`,
      `delete from control.refresh_tokens`,
    ])
      await expect(thief.query(change)).rejects.toMatchObject({ code: '42501' });
    expect((await refresh(person.refreshToken)).status).toBe(200);
  });

  it.each([
    ['sessions', 'ended_at = null'],
    ['refresh_tokens', 'used_at = null'],
    ['refresh_tokens', 'used_at = now()'],
    ['refresh_tokens', 'revoked_at = null'],
    ['setup_links', 'used_at = null'],
    ['account_links', 'used_at = null'],
    ['factor_reset_links', 'used_at = null'],
    ['invitations', 'withdrawn_at = null'],
    ['invitations', 'accepted_at = null'],
    ['factor_challenges', 'ended_at = null'],
    ['factor_challenges', 'wrong = 0'],
    ['sms_codes', 'ended_at = null'],
    ['sms_codes', 'wrong = 0'],
    ['account_factors', 'last_step = 1'],
    ['account_factors', 'sign_count = 1'],
  ])('SES-02: begins nothing again that has ended: %s, %s', async (table, change) => {
    await expect(thief.query(`update control.${table} set ${change}`)).rejects.toMatchObject({
      code: '42501',
      message: expect.stringMatching('stays ended') as unknown,
    });
  });

  it.each(['account_links', 'factor_challenges', 'factor_reset_links'])(
    'SES-02: makes no room for a row of before in %s, which goes when its time is over',
    async (table) => {
      await expect(thief.query(`delete from control.${table}`)).rejects.toMatchObject({
        code: '42501',
      });
      const { rowCount } = await appliance.superuser.query(`select 1 from control.${table}`);
      expect(rowCount).toBe(1);
    },
  );

  it('SES-02: an old session and an old link do not come back to life, and the server ends new ones', async () => {
    const person = await signInPerson(appliance);
    const me = (): Promise<Answer> => server.ask('GET', '/api/me', person);
    expect((await me()).status).toBe(200);
    const signOut = `/api/platform/accounts/${person.accountId}/sign-out`;
    expect((await server.ask('POST', signOut, victim)).status).toBe(204);
    await soon();
    expect((await me()).status).toBe(401);
    await expect(
      thief.query('update control.sessions set ended_at = null where id = $1', [person.sessionId]),
    ).rejects.toMatchObject({ code: '42501' });
    expect((await refresh(person.refreshToken)).status).toBe(401);
  });

  it('SES-02: frees no token of its holder by calling their own account one of a test', async () => {
    const person = await signInPerson(appliance);
    const id = person.accountId;
    await thief.query(
      `insert into control.isolation_canaries (id, run_id, kind) values ($1, $2, 'account')`,
      [id, run],
    );
    await thief.query(
      `update control.accounts set email = 'canary+' || id || '@casemate.invalid' where id = $1`,
      [id],
    );
    await expect(
      thief.query('select control.remove_canary_account($1)', [id]),
    ).rejects.toMatchObject({ code: '42501' });
    for (const change of [
      `update control.isolation_canaries set made_at = '-infinity'`,
      `update control.accounts set created_at = now()`,
    ])
      await expect(thief.query(change)).rejects.toMatchObject({ code: '42501' });
  });

  it('SES-02: frees no token with a note from a transaction that began before the account was there', async () => {
    const early = new pg.Client(connection);
    await early.connect();
    await early.query('begin');
    await early.query('select now()');
    const person = await signInPerson(appliance);
    const id = person.accountId;
    const note = `insert into control.isolation_canaries (id, run_id, kind) values ($1, $2, 'account')`;
    await early.query(note, [id, run]);
    await early.query('commit');
    await early.end();
    await thief.query(
      `update control.accounts set email = 'canary+' || id || '@casemate.invalid' where id = $1`,
      [id],
    );
    await expect(
      thief.query('select control.remove_canary_account($1)', [id]),
    ).rejects.toMatchObject({ code: '42501' });
  });

  it('SES-02: a token of an account that a test made and removed is of use to no other session', async () => {
    const { superuser } = appliance;
    const person = await signInPerson(appliance);
    const id = person.accountId;
    await superuser.query(
      `insert into control.isolation_canaries (id, run_id, kind, made_at)
         values ('${id}', '${run}', 'account', '-infinity');
       update control.accounts set email = 'canary+' || id || '@casemate.invalid' where id = '${id}'`,
    );
    const { rows } = await superuser.query<{ hash: Buffer }>(
      'select hash from control.refresh_tokens where session_id = $1',
      [person.sessionId],
    );
    await thief.query('select control.remove_canary_account($1)', [id]);
    const gone = await superuser.query('select from control.accounts where id = $1', [id]);
    expect(gone.rowCount).toBe(0);
    await expect(
      thief.query('insert into control.refresh_tokens (hash, session_id) values ($1, $2)', [
        rows[0]?.hash,
        victim.sessionId,
      ]),
    ).rejects.toMatchObject({ code: '42501' });
    expect((await refresh(person.refreshToken)).status).toBe(401);
  });

  it('AUT-06: calls no tenant gone, whose rules would be its own to delete then', async () => {
    const tenantId = await appliance.makeTenant();
    const become = (state: string): Promise<unknown> =>
      thief.query('update control.tenants set state = $2 where id = $1', [tenantId, state]);
    await expect(become('dropped')).rejects.toMatchObject({ code: '42501' });
    // What the server does: it asks for a deletion, which nobody but the provisioner ends.
    await become('dropping');
    for (const state of ['active', 'suspended', 'dropped'])
      await expect(become(state)).rejects.toMatchObject({ code: '42501' });
  });

  it('ENC-07: nor can another program ask for the key of tokens; the server can, and reads it not', async () => {
    const input = Buffer.from('x').toString('base64');
    const ask = (parts: { platform: Platform }): Promise<unknown> =>
      parts.platform.vault.write('transit/hmac/token-pepper/sha2-256', { input });
    await expect(ask(appliance.provisioning)).rejects.toMatchObject({ statusCode: 403 });
    await expect(ask(appliance.parts)).resolves.toMatchObject({ hmac: expect.any(String) });
    const { vault } = appliance.parts.platform;
    for (const path of ['transit/keys/token-pepper', 'transit/export/hmac-key/token-pepper'])
      await expect(vault.read(path)).rejects.toMatchObject({ statusCode: 403 });
  });
});

/** Of each kind of row one that is over, before its time. */
async function writeEnded(superuser: pg.Pool, { accountId, sessionId }: SignedIn): Promise<void> {
  const other = newId();
  const hash = (): string => `'\\x${randomBytes(32).toString('hex')}'`;
  const later = `now() + interval '1 day'`;
  await superuser.query(
    `insert into control.sessions (id, account_id, expires_at, ended_at)
       values ('${other}', '${accountId}', ${later}, now());
     insert into control.refresh_tokens (hash, session_id, used_at, revoked_at)
       values (${hash()}, '${other}', now() - interval '1 hour', now());
     insert into control.setup_links (hash, kind, expires_at, used_at)
       values (${hash()}, 'first_admin', ${later}, now());
     insert into control.account_links (hash, purpose, account_id, way, expires_at, used_at, seal)
       values (${hash()}, 'reset', '${accountId}', 'mail', ${later}, now(), ${hash()});
     insert into control.factor_reset_links (hash, account_id, expires_at, used_at)
       values (${hash()}, '${accountId}', ${later}, now());
     insert into control.invitations (id, account_id, platform_role, expires_at, seal, withdrawn_at, accepted_at)
       values ('${newId()}', '${accountId}', 'super_admin', ${later}, ${hash()}, now(), now());
     insert into control.factor_challenges (hash, seal, purpose, account_id, session_id, address, expires_at, ended_at, wrong)
       values (${hash()}, ${hash()}, 'step-up', '${accountId}', '${sessionId}', 'here', ${later}, now(), 2);
     insert into control.sms_codes (id, account_id, factor_id, number_hash, expires_at, ended_at, wrong)
       values ('${newId()}', '${accountId}', '${newId()}', ${hash()}, ${later}, now(), 2);
     insert into control.account_factors (id, account_id, kind, name, last_step)
       values ('${newId()}', '${accountId}', 'totp', 'App', 50);
     insert into control.account_factors (id, account_id, kind, name, credential_id, public_key, sign_count)
       values ('${newId()}', '${accountId}', 'passkey', 'Key', ${hash()}, ${hash()}, 50)`,
  );
}
