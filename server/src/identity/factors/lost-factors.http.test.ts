import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../../../tests/sealed-tenant.ts';
import { signInPerson } from '../../../tests/sign-in-person.ts';
import { startAppliance, type TestAppliance } from '../../../tests/test-appliance.ts';
import { startServer, type Answer, type TestServer } from '../../../tests/test-server.ts';
import { answerWith, askedFor, enrol } from '../../../tests/use-authenticator.ts';
import { soon } from '../../../tests/soon.ts';
import { makeSetupLink, resetFactors } from '../index.ts';
import { openSession } from '../start-session.ts';

const PASSWORD = 'Correct-horse-7';
type Made = { email: string; token: string; accountId: string; code: () => Promise<string> };

describe('second factors that were lost, or stolen with the database', () => {
  let appliance: TestAppliance;
  let server: TestServer;
  let count = 0;

  beforeAll(async () => {
    appliance = await startAppliance({
      CASEMATE_ANONYMOUS_PER_MINUTE: 10_000,
      CASEMATE_REGISTRATION_PER_MINUTE: 1_000,
    });
    server = await startServer(appliance.config);
  });
  afterAll(async () => {
    await server.stop();
    await appliance.stop();
  });

  const make = async (): Promise<Made> => {
    count += 1;
    const email = `person${count}@example.invalid`;
    const { token } = await makeSetupLink(appliance.contextOf(null, null));
    const made = await server.ask('POST', '/api/setup', {
      json: { token, email, name: 'Person', password: PASSWORD },
    });
    const session = made.json<{ accessToken: string; account: { id: string } }>();
    const { code } = await enrol(server, session.accessToken);
    return { email, token: session.accessToken, accountId: session.account.id, code };
  };
  const ask = (email: string) => askedFor(server, { email, password: PASSWORD });
  const signIn = (email: string): Promise<Answer> =>
    server.ask('POST', '/api/session', { json: { email, password: PASSWORD } });
  const linkFor = (token: string, email: string): Promise<Answer> =>
    server.ask('POST', '/api/platform/factor-resets', { token, json: { email } });
  const useLink = (challenge: string, link: string): Promise<Answer> =>
    server.ask('POST', '/api/session/reset', { json: { challenge, link } });
  const standing = (answer: Answer) =>
    answer.json<{ secondFactor: { due: boolean; enrolled: boolean } }>().secondFactor;

  it('MFA-01: deleting the factors in the database lowers nothing: the account signs nobody in', async () => {
    const { email, accountId } = await make();
    await appliance.superuser.query('delete from control.account_secrets where account_id = $1', [
      accountId,
    ]);
    await appliance.superuser.query('delete from control.account_factors where account_id = $1', [
      accountId,
    ]);
    expect((await signIn(email)).status).toBe(401);
  });

  it('MFA-01: a factor that is made to look unconfirmed lowers nothing either', async () => {
    const { email, accountId } = await make();
    await appliance.superuser.query(
      'update control.account_factors set confirmed_at = null where account_id = $1',
      [accountId],
    );
    expect((await signIn(email)).status).toBe(401);
  });

  it('ENC-01: the seed is ciphertext, and in the row of another account it opens for nobody', async () => {
    const [one, thief] = [await make(), await make()];
    const { rows } = await appliance.superuser.query<{ id: string; value: string }>(
      'select id, value from control.account_secrets where account_id = $1',
      [thief.accountId],
    );
    expect(rows[0]?.value).toMatch(/^cm1\.\d+\./);
    await appliance.superuser.query(
      'update control.account_secrets set value = $1 where account_id = $2',
      [rows[0]?.value, one.accountId],
    );
    const { challenge } = await ask(one.email);
    const answer = await answerWith(server, challenge, { kind: 'totp', code: await thief.code() });
    expect([answer.status, answer.json<{ code: string }>().code]).toEqual([409, 'unreadable']);
  });

  it('MFA-04: after so many wrong codes the factor is locked, audited and listed, whatever the challenge', async () => {
    const { email, code, token } = await make();
    const statuses: number[] = [];
    for (let tries = 0; tries < 7; tries += 1) {
      const { challenge } = await ask(email);
      statuses.push((await answerWith(server, challenge, { kind: 'totp', code: '000000' })).status);
    }
    expect(statuses).toEqual([400, 400, 400, 400, 400, 400, 429]);
    const { challenge } = await ask(email);
    const right = await answerWith(server, challenge, { kind: 'totp', code: await code() });
    expect([right.status, Number(right.headers['retry-after']) > 600]).toEqual([429, true]);
    const { rowCount } = await appliance.superuser.query(
      `select from control.audit_events where action = 'factor.lock'`,
    );
    expect(rowCount).toBe(1);
    const limits = await server.ask('GET', '/api/platform/limits', { token });
    expect(limits.json<{ lockouts: unknown[] }>().lockouts).toMatchObject([
      { of: 'factor', email },
    ]);
  });

  it('MFA-05: a link is made by another administrator, for an account with a factor', async () => {
    const [one, other] = [await make(), await make()];
    expect((await linkFor(one.token, one.email)).status).toBe(409);
    expect((await linkFor(one.token, 'nobody@example.invalid')).status).toBe(404);
    const made = await linkFor(other.token, one.email);
    expect(made.status).toBe(201);
    const link = made.json<{ url: string }>().url.split('=').at(-1) ?? '';
    // It is no password: without one there is no challenge to answer.
    expect((await useLink('x'.repeat(43), link)).status).toBe(410);
    // It is for one account.
    expect((await useLink((await ask(other.email)).challenge, link)).status).toBe(404);
    const { challenge } = await ask(one.email);
    const used = await useLink(challenge, link);
    expect([used.status, standing(used)]).toMatchObject([201, { due: true, enrolled: false }]);
    expect((await server.ask('GET', '/api/me', { token: one.token })).status).toBe(401);
    const { accessToken: token } = used.json<{ accessToken: string }>();
    expect((await server.ask('GET', '/api/platform/guards', { token })).status).toBe(403);
    await enrol(server, token);
    expect((await useLink((await ask(one.email)).challenge, link)).status).toBe(404);
  });

  it('MFA-05: a reset pauses the API keys of the person until a factor is set up again', async () => {
    const tenantId = await appliance.makeTenant();
    const [one, other] = await Promise.all([
      signInPerson(appliance, { [tenantId]: 'admin' }),
      signInPerson(appliance, { [tenantId]: 'admin' }),
    ]);
    const at = `/api/tenants/${tenantId}/api-keys`;
    const json = { name: 'Key', scopes: ['documents.read'], expiresInDays: 7 };
    const keyOf = async ({ token }: { token: string }): Promise<string> =>
      (await server.ask('POST', at, { token, json })).json<{ key: string }>().key;
    const [key, otherKey] = [await keyOf(one), await keyOf(other)];
    const use = async (token: string): Promise<number> =>
      (await server.ask('GET', `/api/tenants/${tenantId}/documents`, { token })).status;
    expect([await use(key), await use(otherKey)]).toEqual([200, 200]);
    const { rows } = await appliance.superuser.query<{ email: string }>(
      'select email from control.accounts where id = $1',
      [one.accountId],
    );
    const ctx = appliance.contextOf(null, null);
    const { identity } = appliance.parts;
    await resetFactors(ctx, identity, rows[0]?.email ?? '');
    await soon();
    expect([await use(key), await use(otherKey)]).toEqual([401, 200]);
    const states = (await server.ask('GET', at, other)).json<{ keys: { state: string }[] }>();
    expect(states.keys.map(({ state }) => state).toSorted()).toEqual(['active', 'paused']);
    const { openSession } = await import('../start-session.ts');
    const { accountId: id, auditId, accountId } = one;
    const { sessionId } = await ctx.inControl((tx) =>
      openSession(tx, ctx, { id, auditId, email: 'x', name: 'x', platformRole: null }),
    );
    const { accessToken } = await identity.tokens.issue({ accountId, sessionId });
    await enrol(server, accessToken);
    await soon();
    expect(await use(key)).toBe(200);
  });

  it('MFA-05: whoever runs the host resets the factors of an account, which ends its sessions', async () => {
    const { email, token } = await make();
    const ctx = appliance.contextOf(null, null);
    const { identity } = appliance.parts;
    await expect(resetFactors(ctx, identity, 'nobody@example.invalid')).rejects.toThrow(
      /no account/,
    );
    expect(await resetFactors(ctx, identity, email.toUpperCase())).toEqual({ removed: 1 });
    await soon();
    expect((await server.ask('GET', '/api/me', { token })).status).toBe(401);
    expect(standing(await signIn(email))).toMatchObject({ due: true, enrolled: false });
  });

  describe('where a tenant demands one of everybody', () => {
    type Person = { token: string; accountId: string };
    const at = (tenantId: string, rest: string): string => `/api/tenants/${tenantId}${rest}`;
    /** A member who came in by a password alone. */
    const memberOf = async (tenantId: string): Promise<Person> => {
      const person = await appliance.makePerson({ [tenantId]: 'member' });
      const ctx = appliance.contextOf(person, null);
      const account = { id: person.accountId, auditId: person.auditId, platformRole: null };
      const { sessionId } = await ctx.inControl((tx) =>
        openSession(tx, ctx, { ...account, email: 'x', name: 'x' }),
      );
      const claims = { accountId: person.accountId, sessionId };
      const { accessToken: token } = await appliance.parts.identity.tokens.issue(claims);
      return { ...person, token };
    };
    const read = async (tenantId: string, { token }: Person): Promise<string> => {
      const { status, text } = await server.ask('GET', at(tenantId, '/documents'), { token });
      return status === 200 ? 'reads' : (JSON.parse(text) as { code: string }).code;
    };
    const becomes = (what: string, ask: () => Promise<string>): Promise<string> =>
      eventually(async () => ((await ask()) === what ? what : undefined), 250);
    const demand = async (tenantId: string, who: Person, everyone: unknown): Promise<number> => {
      const wish = { token: who.token, json: { everyone } as object };
      return (await server.ask('PUT', at(tenantId, '/second-factors'), wish)).status;
    };
    const factorOf = async (tenantId: string, admin: Person, of: Person): Promise<unknown> => {
      const team = await server.ask('GET', at(tenantId, '/team'), admin);
      const { members } = team.json<{ members: { accountId: string; secondFactor: string }[] }>();
      return members.find(({ accountId }) => accountId === of.accountId)?.secondFactor;
    };

    it('MFA-01: its people set one up before anything else, at once, and nobody else has to', async () => {
      const [tenant, other] = [await appliance.makeTenant(), await appliance.makeTenant()];
      const admin = await signInPerson(appliance, { [tenant]: 'admin' });
      const [member, neighbour] = [await memberOf(tenant), await memberOf(other)];
      expect(await read(tenant, member)).toBe('reads');
      expect([await demand(tenant, member, true), await demand(other, admin, true)]).toEqual([
        403, 404,
      ]);
      for (const odd of ['yes', null, 1]) expect(await demand(tenant, admin, odd)).toBe(400);
      expect(await demand(tenant, admin, true)).toBe(204);
      await becomes('second_factor_required', () => read(tenant, member));
      expect(await factorOf(tenant, admin, member)).toBe('none');
      const { id } = await enrol(server, member.token);
      await becomes('reads', () => read(tenant, member));
      expect(await factorOf(tenant, admin, member)).toBe('enough');
      const removal = await server.ask('DELETE', `/api/me/factors/${id}`, member);
      expect(removal.status).toBe(409);
      expect([await read(other, neighbour), await demand(tenant, admin, false)]).toEqual([
        'reads',
        204,
      ]);
      await becomes('reads', async () => read(tenant, await memberOf(tenant)));
      const { rows } = await appliance.superuser.query<{ to: string }>(
        `select after ->> 'everyone' as to from control.audit_events
         where action = 'factor_rule.update' and tenant_id = $1 order by id`,
        [tenant],
      );
      expect(rows.map(({ to }) => to)).toEqual(['true', 'false']);
    });

    it('MFA-01: whoever writes the database can not undo it', async () => {
      const tenant = await appliance.makeTenant();
      const admin = await signInPerson(appliance, { [tenant]: 'admin' });
      const member = await memberOf(tenant);
      expect(await demand(tenant, admin, true)).toBe(204);
      await becomes('second_factor_required', () => read(tenant, member));
      const asThief = async (text: string): Promise<void> => {
        const client = await appliance.superuser.connect();
        try {
          await client.query('begin; set local role casemate_server');
          await client.query(text, [tenant]);
          await client.query('commit');
        } catch (error) {
          await client.query('rollback');
          throw error;
        } finally {
          client.release();
        }
      };
      await asThief('update control.factor_rules set everyone = false where tenant_id = $1');
      await expect(
        asThief('delete from control.factor_rules where tenant_id = $1'),
      ).rejects.toThrow('permission denied');
      expect(await read(tenant, await memberOf(tenant))).toBe('second_factor_required');
      const rule = await server.ask('GET', at(tenant, '/second-factors'), admin);
      expect(rule.json()).toEqual({ everyone: true, byPlatform: false, trusted: false });
      // The twin: the same word of an administrator counts.
      expect(await demand(tenant, admin, false)).toBe(204);
      await becomes('reads', async () => read(tenant, await memberOf(tenant)));
    });
  });
});
