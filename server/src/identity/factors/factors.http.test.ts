import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { timeStep, totpCode } from '../../../../installer/src/egress/totp-code.ts';
import { startAppliance, type TestAppliance } from '../../../tests/test-appliance.ts';
import { startServer, type Answer, type TestServer } from '../../../tests/test-server.ts';
import {
  answerWith,
  askedFor,
  authenticator,
  enrol,
  type Authenticator,
} from '../../../tests/use-authenticator.ts';
import { soon } from '../../../tests/soon.ts';
import { makeSetupLink } from '../index.ts';

const PASSWORD = 'Correct-horse-7';
type Session = {
  accessToken: string;
  account: { id: string };
  secondFactor: { due: boolean; required: boolean; enrolled: boolean };
};
type Made = {
  email: string;
  token: string;
  accountId: string;
  app: Authenticator;
  codes: string[];
};

describe('second factors', () => {
  let appliance: TestAppliance;
  let server: TestServer;
  let count = 0;

  beforeAll(async () => {
    appliance = await startAppliance({
      CASEMATE_ANONYMOUS_PER_MINUTE: 100_000,
      CASEMATE_REGISTRATION_PER_MINUTE: 1_000,
      CASEMATE_REFRESH_PER_MINUTE: 1_000,
      CASEMATE_SECOND_FACTOR_FAILURES: 500,
      CASEMATE_RECOVERY_FAILURES: 500,
    });
    server = await startServer(appliance.config);
  });
  afterAll(async () => {
    await server.stop();
    await appliance.stop();
  });

  /** An administrator of the platform without a factor, as the set-up link makes one. */
  const makeBare = async (): Promise<{ email: string; session: Session }> => {
    count += 1;
    const email = `person${count}@example.invalid`;
    const { token } = await makeSetupLink(appliance.contextOf(null, null));
    const json = { token, email, name: 'Person', password: PASSWORD };
    const made = await server.ask('POST', '/api/setup', { json });
    return { email, session: made.json<Session>() };
  };
  const make = async (): Promise<Made> => {
    const { email, session } = await makeBare();
    const { recoveryCodes, ...app } = await enrol(server, session.accessToken);
    const accountId = session.account.id;
    return { email, token: session.accessToken, accountId, app, codes: recoveryCodes ?? [] };
  };
  const ask = (email: string) => askedFor(server, { email, password: PASSWORD });
  const totp = (challenge: string, code: string): Promise<Answer> =>
    answerWith(server, challenge, { kind: 'totp', code });
  const recover = (challenge: string, code: string): Promise<Answer> =>
    answerWith(server, challenge, { kind: 'recovery', code });
  const codeOf = (answer: Answer): string => answer.json<{ code: string }>().code;
  const platform = (token: string): Promise<Answer> =>
    server.ask('GET', '/api/platform/guards', { token });
  const events = async (action: string): Promise<number> => {
    const { rowCount } = await appliance.superuser.query(
      'select from control.audit_events where action = $1',
      [action],
    );
    return rowCount ?? 0;
  };
  const wrong = (app: Authenticator): string => {
    const near = [-2, -1, 0, 1, 2].map((by) => totpCode(app.secret, timeStep() + by));
    return ['000000', '111111', '222222', '333333', '444444', '555555'].find(
      (code) => !near.includes(code),
    ) as string;
  };
  /** Gives a member's session of a tenant that the person belongs to. */
  const sessionOf = async (answer: Promise<Answer>): Promise<Session> =>
    (await answer).json<Session>();

  it('MFA-01: an administrator without a factor may make one, sign out and look at themselves, and nothing else', async () => {
    const { session } = await makeBare();
    const token = session.accessToken;
    expect(session.secondFactor).toEqual({ due: true, required: true, enrolled: false });
    const refused = await platform(token);
    expect([refused.status, codeOf(refused)]).toEqual([403, 'second_factor_required']);
    const making = await server.ask('POST', '/api/tenants', {
      token,
      json: { name: 'Mine', language: 'en', joinAs: 'admin' },
    });
    expect(codeOf(making)).toBe('second_factor_required');
    const me = await server.ask('GET', '/api/me', { token });
    expect([me.status, me.json<Session>().secondFactor.due]).toEqual([200, true]);
    await enrol(server, token);
    expect((await platform(token)).status).toBe(200);
  });

  it('MFA-01: reviewers and administrators of a tenant need a factor, members do not', async () => {
    const tenantId = await appliance.makeTenant();
    const { rights } = appliance.parts.identity;
    const { openSession } = await import('../start-session.ts');
    for (const [role, status] of [
      ['admin', 403],
      ['reviewer', 403],
      ['member', 200],
    ] as const) {
      const person = await appliance.makePerson({ [tenantId]: role });
      const ctx = appliance.contextOf(person, null);
      const account = { id: person.accountId, auditId: person.auditId, platformRole: null };
      const { sessionId } = await ctx.inControl((tx) =>
        openSession(tx, ctx, { ...account, email: 'x', name: 'x' }),
      );
      const { accessToken: token } = await appliance.parts.identity.tokens.issue({
        accountId: person.accountId,
        sessionId,
      });
      const answer = await server.ask('GET', `/api/tenants/${tenantId}`, { token });
      expect([role, answer.status]).toEqual([role, status]);
      const standings = [{ role, needsFactor: false }];
      expect(rights.demandsFactor({ platformRole: null, standings })).toBe(role !== 'member');
    }
  });

  it('MFA-01: a right password is no session, but a challenge; the code is the session', async () => {
    const { email, app } = await make();
    const refused = await server.ask('POST', '/api/session', {
      json: { email, password: 'Wrong-horse-77' },
    });
    expect(refused.status).toBe(401);
    const answer = await server.ask('POST', '/api/session', {
      json: { email, password: PASSWORD },
    });
    expect(answer.headers['set-cookie']).toBeUndefined();
    expect(answer.text).not.toContain('accessToken');
    const { challenge, methods } = answer.json<{ challenge: string; methods: string[] }>();
    expect(methods).toEqual(['totp', 'recovery']);
    expect((await server.ask('GET', '/api/me', { token: challenge })).status).toBe(401);
    const signedIn = await totp(challenge, await app.code());
    expect(signedIn.status).toBe(201);
    expect((await platform(signedIn.json<Session>().accessToken)).status).toBe(200);
    expect((await totp(challenge, await app.code())).status).toBe(410);
  });

  it('MFA-01: a code of the last and of the next time step is taken, of further ones not', async () => {
    const { email, app } = await make();
    const { id, secret } = app;
    const fresh = authenticator({ id, secret });
    const now = timeStep();
    const { challenge } = await ask(email);
    for (const by of [-2, 2]) {
      const refused = await totp(challenge, totpCode(fresh.secret, now + by));
      // The clock may have gone on by a step meanwhile; then it is the other that is refused.
      if (timeStep() === now) expect(refused.status).toBe(400);
    }
    expect(
      (await totp((await ask(email)).challenge, totpCode(secret, timeStep() + 1))).status,
    ).toBe(201);
  });

  it('MFA-01: a code that was taken is refused a second time, in another challenge too', async () => {
    const { email, app } = await make();
    const [first, second] = [await ask(email), await ask(email)];
    const code = await app.code();
    expect((await totp(first.challenge, code)).status).toBe(201);
    expect((await totp(second.challenge, code)).status).toBe(400);
    // Nor is the code of an earlier step, which nobody has shown.
    expect((await totp(second.challenge, totpCode(app.secret, timeStep() - 1))).status).toBe(400);
  });

  it('MFA-01: of a hundred parallel uses of one code one signs in', async () => {
    const { email, app } = await make();
    const asked = await Promise.all(Array.from({ length: 5 }, () => ask(email)));
    const code = await app.code();
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_none, at) => totp(asked[at % 5]?.challenge ?? '', code)),
    );
    const by = (status: number): number => answers.filter((one) => one.status === status).length;
    expect([by(201), by(201) + by(400) + by(410)]).toEqual([1, 100]);
  }, 60_000);

  it('MFA-01: a code of another person is refused, and so is their challenge from another address', async () => {
    const [one, other] = [await make(), await make()];
    const { challenge } = await ask(one.email);
    expect((await totp(challenge, await other.app.code())).status).toBe(400);
    const elsewhere = await answerWith(
      server,
      challenge,
      { kind: 'totp', code: await one.app.code() },
      '127.0.77.1',
    );
    expect(elsewhere.status).toBe(410);
  });

  it('MFA-04: three wrong codes end the challenge, and the right one opens it no more', async () => {
    const { email, app } = await make();
    const { challenge } = await ask(email);
    const before = await events('factor.challenge_end');
    const statuses: number[] = [];
    for (let tries = 0; tries < 3; tries += 1)
      statuses.push((await totp(challenge, wrong(app))).status);
    expect(statuses).toEqual([400, 400, 410]);
    expect((await totp(challenge, await app.code())).status).toBe(410);
    expect(await events('factor.challenge_end')).toBe(before + 1);
    expect((await totp((await ask(email)).challenge, await app.code())).status).toBe(201);
  });

  it('MFA-03: there are ten recovery codes, none is stored, and each works once', async () => {
    const { email, codes, accountId } = await make();
    expect(new Set(codes).size).toBe(10);
    expect(codes.every((code) => /^([0-9a-z]{4}-){5}[0-9a-z]{4}$/.test(code))).toBe(true);
    const { rows } = await appliance.superuser.query<{ row: string }>(
      `select code::text as row from control.recovery_codes code where account_id = $1`,
      [accountId],
    );
    expect(rows).toHaveLength(10);
    expect(rows.some(({ row }) => codes.some((code) => row.includes(code)))).toBe(false);
    const [code = ''] = codes;
    const typed = ` ${code.toUpperCase().replaceAll('-', ' ')}`;
    expect((await recover((await ask(email)).challenge, typed)).status).toBe(201);
    expect((await recover((await ask(email)).challenge, code)).status).toBe(400);
  });

  it('MFA-03: a recovery code of another person is refused, and moving its row opens nothing', async () => {
    const [one, other] = [await make(), await make()];
    const { challenge } = await ask(one.email);
    expect((await recover(challenge, other.codes[0] ?? '')).status).toBe(400);
    await appliance.superuser.query(
      'update control.recovery_codes set account_id = $1 where account_id = $2',
      [one.accountId, other.accountId],
    );
    expect((await recover(challenge, other.codes[1] ?? '')).status).toBe(400);
  });

  it('MFA-03: of a hundred parallel uses of one recovery code one signs in', async () => {
    const { email, codes } = await make();
    const asked = await Promise.all(Array.from({ length: 5 }, () => ask(email)));
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_none, at) =>
        recover(asked[at % 5]?.challenge ?? '', codes[3] ?? ''),
      ),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status }) => ![201, 400, 410].includes(status))).toEqual([]);
  }, 60_000);

  it('MFA-03: new recovery codes end the old ones', async () => {
    const { email, codes, token } = await make();
    const made = await server.ask('POST', '/api/me/recovery-codes', { token });
    expect(made.status).toBe(201);
    const fresh = made.json<{ recoveryCodes: string[] }>().recoveryCodes;
    const { challenge } = await ask(email);
    expect((await recover(challenge, codes[0] ?? '')).status).toBe(400);
    expect((await recover(challenge, fresh[0] ?? '')).status).toBe(201);
  });

  it('MFA-01: the last factor of an administrator stays, another one may go, and of others none', async () => {
    const [one, other] = [await make(), await make()];
    const path = `/api/me/factors/${one.app.id}`;
    const foreign = await server.ask('DELETE', path, { token: other.token });
    expect(foreign.status).toBe(404);
    const last = await server.ask('DELETE', path, { token: one.token });
    expect([last.status, codeOf(last)]).toEqual([409, 'not_allowed_now']);
    const second = await enrol(server, one.token, 'Tablet');
    expect(second.recoveryCodes).toBeNull();
    expect((await server.ask('DELETE', path, { token: one.token })).status).toBe(204);
    const { challenge } = await ask(one.email);
    expect((await totp(challenge, await one.app.code())).status).toBe(400);
    expect((await totp(challenge, await second.code())).status).toBe(201);
  });

  it('MFA-01: a key that was not confirmed counts for nothing, and another person confirms it never', async () => {
    const { session, email } = await makeBare();
    const { accessToken: token } = session;
    const begun = await server.ask('POST', '/api/me/factors/totp', { token, json: { name: 'P' } });
    const { id, secret } = begun.json<{ id: string; secret: string }>();
    const app = authenticator({ id, secret });
    const other = await make();
    const confirm = (by: string, code: string): Promise<Answer> =>
      server.ask('POST', `/api/me/factors/totp/${id}/confirm`, { token: by, json: { code } });
    expect((await confirm(other.token, await app.code())).status).toBe(404);
    expect((await confirm(token, wrong(app))).status).toBe(400);
    const still = await sessionOf(
      server.ask('POST', '/api/session', { json: { email, password: PASSWORD } }),
    );
    expect(still.secondFactor).toEqual({ due: true, required: true, enrolled: false });
    expect((await confirm(token, await app.code())).status).toBe(200);
  });

  it('MFA-05: what needs a fresh factor is refused with an old one, and goes once it was shown again', async () => {
    const { token, app, accountId } = await make();
    const rotate = (): Promise<Answer> =>
      server.ask('POST', '/api/platform/keys/platform/rotations', {
        token,
        // Not of the wrapping key, which is one for the databases of all tests.
        json: { kind: 'data' },
      });
    await age(accountId, 11);
    const refused = await rotate();
    expect([refused.status, codeOf(refused)]).toEqual([403, 'step_up_required']);
    expect((await server.ask('DELETE', `/api/me/factors/${app.id}`, { token })).status).toBe(403);
    const asked = await server.ask('POST', '/api/me/step-up/challenge', { token });
    const { challenge } = asked.json<{ challenge: string }>();
    // The challenge of a session that runs signs nobody in.
    expect((await totp(challenge, await app.code())).status).toBe(410);
    const shown = await server.ask('POST', '/api/me/step-up', {
      token,
      json: { challenge, answer: { kind: 'totp', code: await app.code() } },
    });
    expect(shown.status).toBe(204);
    expect((await rotate()).status).toBe(202);
  }, 60_000);

  it('MFA-05: a time that the server did not write counts as none', async () => {
    const { token, accountId } = await make();
    await appliance.superuser.query(
      'update control.sessions set factor_at = now() where account_id = $1',
      [accountId],
    );
    await soon();
    expect(codeOf(await platform(token))).toBe('second_factor_required');
  });

  it('MFA-04: three wrong codes at a step-up end the session', async () => {
    const { token, app } = await make();
    const asked = await server.ask('POST', '/api/me/step-up/challenge', { token });
    const { challenge } = asked.json<{ challenge: string }>();
    const answer = { kind: 'totp', code: wrong(app) };
    for (const status of [400, 400, 410])
      expect(
        (await server.ask('POST', '/api/me/step-up', { token, json: { challenge, answer } }))
          .status,
      ).toBe(status);
    expect((await server.ask('GET', '/api/me', { token })).status).toBe(401);
  });

  it('MFA-05: a second factor is set up right after signing in, and not with an old session', async () => {
    const { session } = await makeBare();
    const { accessToken: token } = session;
    await appliance.superuser.query(
      `update control.sessions set created_at = now() - interval '11 minutes' where account_id = $1`,
      [session.account.id],
    );
    const refused = await server.ask('POST', '/api/me/factors/totp', {
      token,
      json: { name: 'P' },
    });
    expect(codeOf(refused)).toBe('step_up_required');
  });

  /** Makes what was shown older, with the seal that the server would have written then. */
  const age = async (accountId: string, minutes: number): Promise<void> => {
    const at = new Date(Date.now() - minutes * 60_000);
    const { rows } = await appliance.superuser.query<{ id: string }>(
      'select id from control.sessions where account_id = $1',
      [accountId],
    );
    for (const { id } of rows)
      await appliance.superuser.query(
        'update control.sessions set factor_at = $2, factor_seal = $3 where id = $1',
        [id, at, appliance.parts.identity.rights.sealShown({ sessionId: id, accountId, at })],
      );
    await soon();
  };
});
