import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startAppliance, type TestAppliance } from '../../../../tests/test-appliance.ts';
import { startServer, type Answer, type TestServer } from '../../../../tests/test-server.ts';
import { answerWith, askedFor, enrol, type Asked } from '../../../../tests/use-authenticator.ts';
import { makeSetupLink } from '../../index.ts';

const PASSWORD = 'Correct-horse-7';
type Made = { email: string; token: string; accountId: string };
type Phone = Made & { number: string; codes: string[] };

describe('codes by SMS', () => {
  let appliance: TestAppliance;
  let server: TestServer;
  const dir = mkdtempSync('/tmp/cms-');
  const outbox = join(dir, 'later', 'sms');
  let count = 0;

  beforeAll(async () => {
    appliance = await startAppliance({
      CASEMATE_ANONYMOUS_PER_MINUTE: 100_000,
      CASEMATE_REGISTRATION_PER_MINUTE: 1_000,
      CASEMATE_SECOND_FACTOR_FAILURES: 500,
      CASEMATE_SMS_DRIVER: 'file',
      CASEMATE_SMS_FILE: outbox,
      CASEMATE_SMS_COUNTRIES: ['NO', 'DE'],
    });
    server = await startServer(appliance.config);
  });
  afterAll(async () => {
    await server.stop();
    await appliance.stop();
    rmSync(dir, { recursive: true });
  });

  const query = (sql: string, values: unknown[] = []) => appliance.superuser.query(sql, values);
  const post = (path: string, json: object, token?: string): Promise<Answer> =>
    server.ask('POST', path, { json, ...(token ? { token } : {}) });
  /** An administrator of the platform, or, by a row that counts, nobody special. */
  const make = async (role: 'super_admin' | null = null): Promise<Made> => {
    count += 1;
    const email = `person${count}@example.invalid`;
    const { token } = await makeSetupLink(appliance.contextOf(null, null));
    const made = await post('/api/setup', { token, email, name: 'Person', password: PASSWORD });
    const { accessToken, account } = made.json<{ accessToken: string; account: { id: string } }>();
    if (role !== null) return { email, token: accessToken, accountId: account.id };
    await setRole(account.id, null);
    // The session of before is still remembered as an administrator's.
    const signedIn = await post('/api/session', { email, password: PASSWORD });
    const { accessToken: token2 } = signedIn.json<{ accessToken: string }>();
    return { email, token: token2, accountId: account.id };
  };
  const setRole = async (id: string, platformRole: 'super_admin' | null): Promise<void> => {
    const { rows } = await query(
      `select audit_id as "auditId", email, password_hash as "passwordHash",
         control.factor_facts(id) as factors from control.accounts where id = $1`,
      [id],
    );
    const row = rows[0] as {
      auditId: string;
      email: string;
      passwordHash: string;
      factors: string;
    };
    const seal = appliance.parts.identity.rights.sealAccount({ id, ...row, platformRole });
    await query('update control.accounts set platform_role = $2, seal = $3 where id = $1', [
      id,
      platformRole,
      seal,
    ]);
  };
  const newNumber = (): string => `+47412${String(10_000 + (count += 1))}`;
  const sentTo = (number: string): string[] =>
    existsSync(outbox)
      ? readFileSync(outbox, 'utf8')
          .split('\n')
          // The last is being written.
          .slice(0, -1)
          .map((line) => JSON.parse(line) as { to: string; text: string })
          .filter(({ to }) => to === number)
          .map(({ text }) => text)
      : [];
  const codeTo = async (number: string, before: number): Promise<string> => {
    for (let tries = 0; tries < 1_000; tries += 1) {
      const code = /^(\d{6}) is/.exec(sentTo(number)[before] ?? '')?.[1];
      if (code !== undefined) return code;
      await sleep(20);
    }
    throw new Error(`no code for ${number}`);
  };
  /** As if those before had been sent a while ago. */
  const later = () =>
    query(`update control.sms_codes set created_at = created_at - interval '1 minute'`);
  const begin = (token: string, number: string): Promise<Answer> =>
    post('/api/me/factors/phone', { name: 'My phone', number }, token);
  const confirm = (token: string, id: string, code: string): Promise<Answer> =>
    post(`/api/me/factors/phone/${id}/confirm`, { code }, token);
  const addPhone = async (person: Made): Promise<Phone> => {
    const number = newNumber();
    const begun = await begin(person.token, number);
    if (begun.status !== 201) throw new Error(begun.text);
    const { id } = begun.json<{ id: string }>();
    const added = await confirm(person.token, id, await codeTo(number, 0));
    if (added.status !== 200) throw new Error(added.text);
    await later();
    return { ...person, number, codes: added.json<{ recoveryCodes: string[] }>().recoveryCodes };
  };
  const ask = ({ email }: Made): Promise<Asked> => askedFor(server, { email, password: PASSWORD });
  const send = (challenge: string): Promise<Answer> =>
    post('/api/session/factor/sms', { challenge });
  const show = (challenge: string, code: string): Promise<Answer> =>
    answerWith(server, challenge, { kind: 'sms', code });
  const other = (code: string): string => String((Number(code) + 1) % 1_000_000).padStart(6, '0');
  const codeFor = async (phone: Phone, challenge: string): Promise<string> => {
    const before = sentTo(phone.number).length;
    const sent = await send(challenge);
    if (sent.status !== 202) throw new Error(sent.text);
    const code = await codeTo(phone.number, before);
    await later();
    return code;
  };

  it('MFA-02: a gateway that is away is asked again, and the code still comes', async () => {
    const { token } = await make();
    const number = newNumber();
    expect((await begin(token, number)).status).toBe(201);
    await sleep(1_500);
    expect(sentTo(number)).toEqual([]);
    mkdirSync(join(dir, 'later'));
    expect(await codeTo(number, 0)).toMatch(/^\d{6}$/);
    expect(sentTo(number)[0]).toContain(`\n\n@${appliance.config.CASEMATE_HOST_NAME} #`);
  });

  it.each([
    ['41234567', 'of no country'],
    ['+47 22 00 00 00', 'a line in a wall'],
    ['+47 829 00 000', 'one that costs'],
    ['+47412345678901', 'too long'],
    ['+46701234567', 'of a country that is not taken'],
    ['+47412ABCDE', 'letters'],
  ])('MFA-02: %s is refused: %s', async (number) => {
    const { token } = await make();
    expect((await begin(token, number)).status).toBe(400);
    expect((await begin(token, newNumber())).status).toBe(201);
  });

  it('MFA-02, ENC-01: the number lies encrypted, and the digits of a code nowhere', async () => {
    const { accountId, number, codes } = await addPhone(await make());
    const { rows } = await query(
      'select value from control.account_secrets where account_id = $1',
      [accountId],
    );
    expect(rows).toEqual([{ value: expect.stringMatching(/^cm1\./) as unknown }]);
    const stored = JSON.stringify([
      (await query('select * from control.sms_codes')).rows,
      (await query('select * from control.account_factors')).rows,
      (await query('select * from control.audit_events')).rows,
      (await query('select * from control.jobs')).rows,
    ]);
    expect(stored).not.toContain(number.slice(3));
    expect(codes).toHaveLength(10);
  });

  it('MFA-02: a new number counts once its code was shown; three wrong ones end it', async () => {
    const person = await make();
    const number = newNumber();
    const { id } = (await begin(person.token, number)).json<{ id: string }>();
    const code = await codeTo(number, 0);
    const stranger = await make();
    expect((await confirm(stranger.token, id, code)).status).toBe(410);
    expect(
      (await post('/api/session', { email: person.email, password: PASSWORD })).text,
    ).toContain('accessToken');
    const wrong = [];
    for (let tries = 0; tries < 3; tries += 1)
      wrong.push((await confirm(person.token, id, other(code))).status);
    expect(wrong).toEqual([400, 400, 410]);
    expect((await confirm(person.token, id, code)).status).toBe(410);
    await later();
    await addPhone(person);
    expect((await ask(person)).methods).toEqual(['sms', 'recovery']);
  });

  it('MFA-02: a code signs in once, at the challenge for which it was sent', async () => {
    const phone = await addPhone(await make());
    const [one, two] = [await ask(phone), await ask(phone)];
    expect((await show(one.challenge, '000000')).status).toBe(400);
    const code = await codeFor(phone, one.challenge);
    expect((await show(two.challenge, code)).status).toBe(400);
    expect((await show(one.challenge, other(code))).status).toBe(400);
    expect((await show(one.challenge, code)).status).toBe(201);
    expect((await show(one.challenge, code)).status).toBe(410);
    expect((await show(two.challenge, code)).status).toBe(400);
  });

  it('MFA-02: a newer code ends the older, and none is good after five minutes', async () => {
    const phone = await addPhone(await make());
    const { challenge } = await ask(phone);
    const older = await codeFor(phone, challenge);
    const newer = await codeFor(phone, challenge);
    if (older !== newer) expect((await show(challenge, older)).status).toBe(400);
    expect((await show(challenge, newer)).status).toBe(201);
    const late = await ask(phone);
    const code = await codeFor(phone, late.challenge);
    await query(
      `update control.sms_codes set expires_at = now() - interval '1 second' where account_id = $1`,
      [phone.accountId],
    );
    expect((await show(late.challenge, code)).status).toBe(400);
  });

  it('MFA-02: three wrong codes end the challenge, and of fifty parallel uses one signs in', async () => {
    const phone = await addPhone(await make());
    const { challenge } = await ask(phone);
    const code = await codeFor(phone, challenge);
    const wrong = [];
    for (let tries = 0; tries < 3; tries += 1)
      wrong.push((await show(challenge, other(code))).status);
    expect(wrong).toEqual([400, 400, 410]);
    expect((await show(challenge, code)).status).toBe(410);
    const next = await ask(phone);
    const good = await codeFor(phone, next.challenge);
    const all = await Promise.all(Array.from({ length: 50 }, () => show(next.challenge, good)));
    expect(all.filter(({ status }) => status === 201)).toHaveLength(1);
  });

  it('MFA-02, MFA-04: what is sent has limits, for a challenge, a person, a number and the day', async () => {
    const [phone, spare] = [await addPhone(await make()), await addPhone(await make())];
    const refused = async (challenge: string): Promise<Answer> => {
      const answer = await send(challenge);
      expect(answer.status).toBe(429);
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
      return answer;
    };
    const one = await ask(phone);
    expect((await send(one.challenge)).status).toBe(202);
    await refused(one.challenge);
    await later();
    for (let sent = 0; sent < 2; sent += 1) await codeFor(phone, one.challenge);
    await refused(one.challenge);
    const two = await ask(phone);
    await codeFor(phone, two.challenge);
    await refused(two.challenge);
    // Nobody sends to another's number without end, and the owner still gets theirs meanwhile.
    const stranger = await make();
    for (let sent = 0; sent < 4; sent += 1) {
      expect((await begin(stranger.token, spare.number)).status).toBe(201);
      if (sent < 3) await later();
    }
    const owners = (await ask(spare)).challenge;
    expect((await send(owners)).status).toBe(202);
    await later();
    expect((await begin(stranger.token, spare.number)).status).toBe(429);
    expect((await begin(stranger.token, newNumber())).status).toBe(201);
    const { rows } = await query(
      `select after ->> 'of' as of from control.audit_events where action = 'factor.send_limit'`,
    );
    expect(new Set(rows.map(({ of }: { of: string }) => of))).toEqual(
      new Set(['pause', 'challenge', 'account', 'number']),
    );
    await query(
      `insert into control.sms_codes (id, account_id, factor_id, number_hash, created_at, expires_at, ended_at)
       select gen_random_uuid(), $1, $2, sha256(n::text::bytea), now() - interval '2 hours', now(), now()
       from generate_series(1, 500) n`,
      [stranger.accountId, randomUUID()],
    );
    await later();
    await refused((await ask(spare)).challenge);
    await query(`delete from control.sms_codes where created_at < now() - interval '1 hour'`);
  });
  it('MFA-02: whose role demands a factor needs more than a phone', async () => {
    const admin = await make('super_admin');
    expect((await begin(admin.token, newNumber())).status).toBe(409);
    const app = await enrol(server, admin.token);
    await addPhone(admin);
    await app.code();
    const removed = await server.ask('DELETE', `/api/me/factors/${app.id}`, { token: admin.token });
    expect(removed.status).toBe(409);
    // Nor is the phone beside it a way past the app.
    const { challenge, methods } = await ask(admin);
    expect(methods).toEqual(['totp', 'recovery']);
    expect((await send(challenge)).status).toBe(409);
    const asked = await server.ask('POST', '/api/me/step-up/challenge', { token: admin.token });
    const stepUp = asked.json<Asked>();
    expect(stepUp.methods).not.toContain('sms');
    const sent = await post('/api/me/step-up/sms', { challenge: stepUp.challenge }, admin.token);
    expect(sent.status).toBe(409);
    await setRole(admin.accountId, null);
    expect((await ask(admin)).methods).toEqual(['totp', 'sms', 'recovery']);
  });

  it('MFA-02: a role that was lowered in the database makes a phone no more than it was', async () => {
    const person = await make();
    const app = await enrol(server, person.token);
    await addPhone(person);
    await app.code();
    const tenantId = await appliance.makeTenant();
    const { accountId } = person;
    const write = (role: 'admin' | 'member'): Promise<unknown> => {
      const { rights } = appliance.parts.identity;
      const seal = rights.sealMembership({ accountId, tenantId, role });
      return query(
        `insert into control.memberships (account_id, tenant_id, role, seal) values ($1, $2, $3, $4)
         on conflict (account_id, tenant_id) do update set role = $3, seal = $4`,
        [accountId, tenantId, role, seal],
      );
    };
    await write('admin');
    expect((await ask(person)).methods).toEqual(['totp', 'recovery']);
    await query(`update control.memberships set role = 'member' where account_id = $1`, [
      accountId,
    ]);
    expect((await ask(person)).methods).toEqual(['totp', 'recovery']);
    // The twin: as the server has written it.
    await write('member');
    expect((await ask(person)).methods).toEqual(['totp', 'sms', 'recovery']);
  });

  it('MFA-02: whoever has a phone alone and rises sets up more before anything else', async () => {
    const phone = await addPhone(await make());
    await setRole(phone.accountId, 'super_admin');
    const { challenge } = await ask(phone);
    const signedIn = await show(challenge, await codeFor(phone, challenge));
    const session = signedIn.json<{ accessToken: string; secondFactor: object }>();
    expect(session.secondFactor).toEqual({ due: true, required: true, enrolled: false });
    const guards = () => server.ask('GET', '/api/platform/guards', { token: session.accessToken });
    expect((await guards()).status).toBe(403);
    await enrol(server, session.accessToken);
    expect((await guards()).status).toBe(200);
  });

  it('MFA-02: a step-up by SMS is of its session alone', async () => {
    const phone = await addPhone(await make());
    const stranger = await addPhone(await make());
    const asked = await server.ask('POST', '/api/me/step-up/challenge', { token: phone.token });
    const { challenge, methods } = asked.json<Asked>();
    expect(methods).toContain('sms');
    const before = sentTo(phone.number).length;
    const at = '/api/me/step-up/sms';
    expect((await post(at, { challenge }, stranger.token)).status).toBe(410);
    expect((await send(challenge)).status).toBe(410);
    expect((await post(at, { challenge }, phone.token)).status).toBe(202);
    const answer = { kind: 'sms', code: await codeTo(phone.number, before) };
    expect((await post('/api/me/step-up', { challenge, answer }, stranger.token)).status).toBe(410);
    expect((await post('/api/me/step-up', { challenge, answer }, phone.token)).status).toBe(204);
  });

  it('MFA-02: whoever writes the database has no code sent to a number of their own', async () => {
    const [victim, thief] = [await addPhone(await make()), await addPhone(await make())];
    await query(
      `update control.account_secrets mine set value = theirs.value from control.account_secrets theirs
       where mine.account_id = $1 and theirs.account_id = $2`,
      [victim.accountId, thief.accountId],
    );
    const before = sentTo(thief.number).length;
    expect((await send((await ask(victim)).challenge)).status).toBeGreaterThanOrEqual(400);
    await sleep(500);
    expect(sentTo(thief.number)).toHaveLength(before);
    expect((await send((await ask(thief)).challenge)).status).toBe(202);
    await query(`insert into control.account_factors (id, account_id, kind, name, confirmed_at)
       values (gen_random_uuid(), '${victim.accountId}', 'phone', 'Thief', now())`);
    expect((await post('/api/session', { email: victim.email, password: PASSWORD })).status).toBe(
      401,
    );
  });

  it('MFA-02: whose account is erased leaves no number', async () => {
    const { accountId } = await addPhone(await make());
    const { eraseAccount } = await import('../../accounts/repo.ts');
    await appliance.parts.platform.db.inControl((tx) => eraseAccount(tx, accountId));
    for (const table of ['account_secrets', 'account_factors', 'recovery_codes', 'sms_codes'])
      expect(
        (await query(`select from control.${table} where account_id = $1`, [accountId])).rowCount,
      ).toBe(0);
  });
});
