import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { signInPerson, type SignedIn } from '../../../tests/sign-in-person.ts';
import { startAppliance, type TestAppliance } from '../../../tests/test-appliance.ts';
import { startServer, type Answer, type TestServer } from '../../../tests/test-server.ts';
import { newId } from '../../platform/index.ts';

type Device = { id: string; current: boolean };

/** As long as any process may go on believing what it knew of a session. */
const SOON_MS = 2_200;

describe('the end of accounts, memberships and sessions', () => {
  let appliance: TestAppliance;
  let server: TestServer;
  let second: TestServer;
  let tenant: string;
  let other: string;
  let operator: SignedIn;
  let admin: SignedIn;

  beforeAll(async () => {
    appliance = await startAppliance({
      CASEMATE_ANONYMOUS_PER_MINUTE: 10_000,
      // What an appliance has: these tests show how late an end may count.
      CASEMATE_SESSION_CACHE_MS: 2_000,
    });
    [server, second] = [await startServer(appliance.config), await startServer(appliance.config)];
    [tenant, other] = [await appliance.makeTenant(), await appliance.makeTenant()];
    operator = await signInPerson(appliance, {}, 'super_admin');
    admin = await signInPerson(appliance, { [tenant]: 'admin' });
  });
  afterAll(async () => {
    await Promise.all([server.stop(), second.stop()]);
    await appliance.stop();
  });

  const act = (verb: string, id: string, who: { token: string } = operator): Promise<Answer> =>
    server.ask('POST', `/api/platform/accounts/${id}/${verb}`, { token: who.token });
  const me = (where: TestServer, who: SignedIn): Promise<Answer> =>
    where.ask('GET', '/api/me', who);
  const member = (path: string, method: string, json?: object, who = admin): Promise<Answer> =>
    server.ask(method, `/api/tenants/${tenant}/team/${path}`, {
      token: who.token,
      ...(json ? { json } : {}),
    });
  const queue = async (accountId: string, tenantId: string): Promise<string> => {
    const id = newId();
    await appliance.superuser.query(
      `insert into control.jobs (id, queue, kind, tenant_id, subject_id, account_id, run_at)
       values ($1, 'work', 'document.read', $2, $1, $3, now() + interval '1 hour')`,
      [id, tenantId, accountId],
    );
    return id;
  };
  const stateOf = async (job: string): Promise<string> => {
    const { rows } = await appliance.superuser.query<{ state: string }>(
      'select state from control.jobs where id = $1',
      [job],
    );
    return rows[0]?.state ?? '';
  };

  it('ISO-05: nobody but who runs the platform ends an account', async () => {
    const person = await signInPerson(appliance, { [tenant]: 'member' });
    for (const verb of ['deactivate', 'reactivate', 'sign-out', 'reset'])
      for (const who of [admin, person])
        expect((await act(verb, person.accountId, who)).status).toBe(403);
    const path = `/api/platform/accounts/${person.accountId}`;
    expect((await server.ask('DELETE', path, admin)).status).toBe(403);
    expect((await act('deactivate', newId())).status).toBe(404);
    expect((await act('deactivate', operator.accountId)).status).toBe(409);
    expect((await me(server, person)).status).toBe(200);
  });

  it('ISO-05: a deactivation ends sessions and waiting work in all processes within two seconds', async () => {
    const person = await signInPerson(appliance, { [tenant]: 'admin' });
    for (const where of [server, second]) expect((await me(where, person)).status).toBe(200);
    const job = await queue(person.accountId, tenant);
    const json = { name: 'Key', scopes: ['documents.read'], expiresInDays: 7 };
    const at = `/api/tenants/${tenant}`;
    const made = await server.ask('POST', `${at}/api-keys`, { token: person.token, json });
    const { key } = made.json<{ key: string }>();
    const byKey = (where: TestServer): Promise<Answer> =>
      where.ask('GET', `${at}/documents`, { token: key });
    for (const where of [server, second]) expect((await byKey(where)).status).toBe(200);
    expect((await act('deactivate', person.accountId)).status).toBe(204);
    expect(await stateOf(job)).toBe('cancelled');
    const began = Date.now();
    for (;;) {
      const answers = await Promise.all([
        ...[me(server, person), me(second, person)],
        ...[byKey(server), byKey(second)],
      ]);
      if (answers.every(({ status }) => status === 401)) break;
      expect(Date.now() - began).toBeLessThan(SOON_MS);
      await sleep(50);
    }
    const refreshed = await server.ask('POST', '/api/session/refresh', {
      headers: {
        cookie: `__Secure-casemate-refresh=${person.refreshToken}`,
        origin: server.origin,
      },
    });
    expect(refreshed.status).toBe(401);
  });

  it('ISO-05: a row that is set back to active by hand lets nobody in', async () => {
    const person = await signInPerson(appliance, { [tenant]: 'member' });
    await act('deactivate', person.accountId);
    await appliance.superuser.query(`update control.accounts set state = 'active' where id = $1`, [
      person.accountId,
    ]);
    // A superuser's way past the triggers, which the server's own password has not.
    await appliance.superuser.query(
      `set session_replication_role = replica;
       update control.sessions set ended_at = null where account_id = '${person.accountId}';
       reset session_replication_role`,
    );
    await sleep(SOON_MS);
    expect((await me(server, person)).status).toBe(401);
  });

  it('ISO-05: a reactivation gives back what was there, and nothing that was put there meanwhile', async () => {
    const [person, forged] = [await signInPerson(appliance), await signInPerson(appliance)];
    for (const { accountId } of [person, forged]) await act('deactivate', accountId);
    await appliance.superuser.query(
      `update control.accounts set email = 'thief@example.test' where id = $1`,
      [forged.accountId],
    );
    expect((await act('reactivate', forged.accountId)).status).toBe(409);
    expect((await act('reactivate', person.accountId)).status).toBe(204);
    expect((await act('reactivate', person.accountId)).status).toBe(409);
    await sleep(SOON_MS);
    expect((await me(server, person)).status).toBe(401);
    const listed = await server.ask(
      'GET',
      `/api/platform/accounts?search=${person.accountId}`,
      operator,
    );
    expect(listed.json()).toMatchObject({ items: [{ state: 'active', trusted: true }] });
  });

  it('ISO-05: of the last two administrators of the platform one remains, who ever takes the other away first', async () => {
    const [one, two] = [
      await signInPerson(appliance, {}, 'super_admin'),
      await signInPerson(appliance, {}, 'super_admin'),
    ];
    await appliance.superuser.query(
      `update control.accounts set state = 'deactivated' where platform_role is not null and id <> all ($1)`,
      [[one.accountId, two.accountId]],
    );
    const answers = await Promise.all([
      act('deactivate', two.accountId, one),
      act('deactivate', one.accountId, two),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 409]);
    await appliance.superuser.query(`update control.accounts set state = 'active' where id = $1`, [
      operator.accountId,
    ]);
    await sleep(SOON_MS);
    expect((await me(server, operator)).status).toBe(200);
  });

  it('an erased account names nobody; the pseudonym of the audit log stays', async () => {
    const person = await signInPerson(appliance, { [tenant]: 'member' });
    const path = `/api/platform/accounts/${person.accountId}`;
    expect((await server.ask('DELETE', path, operator)).status).toBe(409);
    await act('deactivate', person.accountId);
    expect((await server.ask('DELETE', path, operator)).status).toBe(204);
    const { rows } = await appliance.superuser.query<Record<string, unknown>>(
      'select audit_id, email, name, password_hash, state from control.accounts where id = $1',
      [person.accountId],
    );
    expect(rows).toEqual([
      {
        audit_id: person.auditId,
        email: `erased+${person.accountId}@casemate.invalid`,
        name: 'Erased',
        password_hash: '!',
        state: 'erased',
      },
    ]);
    expect((await server.ask('DELETE', path, operator)).status).toBe(404);
  });

  it('RBA-01: nobody but an administrator of the tenant changes its team', async () => {
    const person = await signInPerson(appliance, { [tenant]: 'member' });
    const reviewer = await signInPerson(appliance, { [tenant]: 'reviewer' });
    const stranger = await signInPerson(appliance, { [other]: 'admin' });
    const statuses = [];
    for (const who of [person, reviewer, stranger, operator]) {
      statuses.push((await member(person.accountId, 'PATCH', { role: 'admin' }, who)).status);
      statuses.push((await member(person.accountId, 'DELETE', undefined, who)).status);
    }
    expect(statuses).toEqual([403, 403, 403, 403, 404, 404, 404, 404]);
    expect((await member(stranger.accountId, 'DELETE')).status).toBe(404);
    expect((await member(stranger.accountId, 'PATCH', { role: 'member' })).status).toBe(404);
    expect((await member(person.accountId, 'PATCH', { role: 'super_admin' })).status).toBe(400);
  });

  it('RBA-01: another role takes effect in all processes within two seconds', async () => {
    const person = await signInPerson(appliance, { [tenant]: 'member' });
    const team = (): Promise<Answer> => second.ask('GET', `/api/tenants/${tenant}/team`, person);
    expect((await team()).status).toBe(403);
    expect((await member(person.accountId, 'PATCH', { role: 'admin' })).status).toBe(204);
    await sleep(SOON_MS);
    expect((await team()).status).toBe(200);
    expect((await member(person.accountId, 'PATCH', { role: 'member' })).status).toBe(204);
    await sleep(SOON_MS);
    expect((await team()).status).toBe(403);
  });

  it('RBA-01: who is taken out of a tenant is out of it within two seconds, with what they asked for, and of no other', async () => {
    const person = await signInPerson(appliance, { [tenant]: 'member', [other]: 'member' });
    const [here, there] = [
      await queue(person.accountId, tenant),
      await queue(person.accountId, other),
    ];
    const look = (id: string): Promise<Answer> =>
      second.ask('GET', `/api/tenants/${id}/documents`, person);
    expect((await look(tenant)).status).toBe(200);
    expect((await member(person.accountId, 'DELETE')).status).toBe(204);
    expect([await stateOf(here), await stateOf(there)]).toEqual(['cancelled', 'queued']);
    await sleep(SOON_MS);
    expect([(await look(tenant)).status, (await look(other)).status]).toEqual([404, 200]);
  });

  it('RBA-01: the last administrator of a tenant stays, of two who take each other away one does', async () => {
    expect((await member(admin.accountId, 'PATCH', { role: 'member' })).status).toBe(409);
    expect((await member(admin.accountId, 'DELETE')).status).toBe(409);
    const peer = await signInPerson(appliance, { [tenant]: 'admin' });
    const answers = await Promise.all([
      member(peer.accountId, 'DELETE', undefined, admin),
      member(admin.accountId, 'DELETE', undefined, peer),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 409]);
  });

  it('SES-02: one sees one’s own devices, and ends one or all others, and nobody else’s', async () => {
    const [person, thief] = [await signInPerson(appliance), await signInPerson(appliance)];
    const more = [await again(person), await again(person)];
    const list = async (): Promise<Device[]> =>
      (await server.ask('GET', '/api/me/sessions', person)).json<{ devices: Device[] }>().devices;
    expect(await list()).toHaveLength(3);
    expect((await list()).filter(({ current }) => current)).toMatchObject([
      { id: person.sessionId },
    ]);
    const end = (id: string, who: SignedIn): Promise<Answer> =>
      server.ask('DELETE', `/api/me/sessions/${id}`, who);
    expect((await end(person.sessionId, thief)).status).toBe(404);
    expect((await end(person.sessionId, person)).status).toBe(409);
    const [one = person] = more;
    expect((await end(one.sessionId, person)).status).toBe(204);
    expect((await me(server, one)).status).toBe(401);
    expect((await end(one.sessionId, person)).status).toBe(404);
    const all = await server.ask('DELETE', '/api/me/sessions', person);
    expect(all.json()).toEqual({ ended: 1 });
    expect(await list()).toMatchObject([{ id: person.sessionId }]);
    expect((await me(server, thief)).status).toBe(200);
  });

  it('SES-02: a session that lies idle has ended, and one that is used goes on', async () => {
    const [idle, used] = [await signInPerson(appliance), await signInPerson(appliance)];
    const renew = ({ refreshToken }: SignedIn): Promise<Answer> =>
      server.ask('POST', '/api/session/refresh', {
        headers: { cookie: `__Secure-casemate-refresh=${refreshToken}`, origin: server.origin },
      });
    const left = async ({ sessionId }: SignedIn): Promise<number> => {
      const { rows } = await appliance.superuser.query<{ hours: number }>(
        `select extract(epoch from idle_until - now())::float8 / 3600 as hours
         from control.sessions where id = $1`,
        [sessionId],
      );
      return rows[0]?.hours ?? 0;
    };
    expect(await left(idle)).toBeCloseTo(24, 1);
    await appliance.superuser.query(
      `update control.sessions set idle_until = now() + interval '1 hour' where id = $1`,
      [used.sessionId],
    );
    expect((await renew(used)).status).toBe(200);
    expect(await left(used)).toBeCloseTo(24, 1);
    await appliance.superuser.query(
      `update control.sessions set idle_until = now() where id = $1`,
      [idle.sessionId],
    );
    await sleep(SOON_MS);
    expect((await me(server, idle)).status).toBe(401);
    expect((await renew(idle)).status).toBe(401);
  });

  async function again(person: SignedIn): Promise<SignedIn> {
    const ctx = appliance.contextOf(person, null);
    const account = { id: person.accountId, auditId: person.auditId, email: 'x', name: 'x' };
    const { openSession } = await import('../start-session.ts');
    const session = await ctx.inControl((tx) =>
      openSession(tx, ctx, { ...account, platformRole: null }),
    );
    const { tokens } = appliance.parts.identity;
    const claims = { accountId: person.accountId, sessionId: session.sessionId };
    const { accessToken } = await tokens.issue(claims);
    return { ...person, ...session, token: accessToken };
  }
});
