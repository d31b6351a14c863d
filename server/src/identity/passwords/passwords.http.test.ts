import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startRelay, tokenOf, type Relay } from '../../../tests/start-relay.ts';
import { startAppliance, type TestAppliance } from '../../../tests/test-appliance.ts';
import { startServer, type Answer, type TestServer } from '../../../tests/test-server.ts';
import { makeSetupLink } from '../index.ts';

const FIRST = 'Seven-lamps-at-sea 0';

describe('passwords over HTTP', () => {
  let appliance: TestAppliance;
  let server: TestServer;
  let relay: Relay;
  let made = 0;

  beforeAll(async () => {
    relay = await startRelay();
    appliance = await startAppliance({
      ...relay.settings,
      CASEMATE_ANONYMOUS_PER_MINUTE: 10_000,
      CASEMATE_REGISTRATION_PER_MINUTE: 1_000,
      CASEMATE_PASSWORD_CHANGE_PER_MINUTE: 1_000,
    });
    server = await startServer(appliance.config);
  });
  afterAll(async () => {
    await server.stop();
    await appliance.stop();
    await relay.close();
  });

  const post = (path: string, json: object, token?: string): Promise<Answer> =>
    server.ask('POST', path, { json, ...(token ? { token } : {}) });
  type Person = { email: string; token: string; cookie: string };
  const newPerson = async (): Promise<Person> => {
    const email = `keeper${(made += 1)}@example.test`;
    const { token } = await makeSetupLink(appliance.contextOf(null, null));
    const answer = await post('/api/setup', { token, email, name: 'Keeper', password: FIRST });
    await demote(email);
    return { email, ...read(answer) };
  };
  /** Whoever runs the platform would owe a second factor, which is not what is tried here. */
  const demote = async (email: string): Promise<void> => {
    const { rows } = await appliance.superuser.query<{
      id: string;
      auditId: string;
      passwordHash: string;
    }>(
      `select id, audit_id as "auditId", password_hash as "passwordHash" from control.accounts
       where email = $1`,
      [email],
    );
    const [row] = rows;
    if (!row) throw new Error('nobody was made');
    const account = { ...row, email, platformRole: null, factors: null };
    const seal = appliance.parts.identity.rights.sealAccount(account);
    await appliance.superuser.query(
      'update control.accounts set platform_role = null, seal = $2 where id = $1',
      [row.id, seal],
    );
  };
  const read = (answer: Answer): { token: string; cookie: string } => ({
    token: answer.json<{ accessToken: string }>().accessToken,
    cookie: String(answer.headers['set-cookie']).split(';')[0] ?? '',
  });
  const signIn = (email: string, password: string): Promise<Answer> =>
    post('/api/session', { email, password });
  const refresh = (cookie: string): Promise<Answer> =>
    server.ask('POST', '/api/session/refresh', { headers: { cookie, origin: server.origin } });
  const change = (token: string, current: string, password: string): Promise<Answer> =>
    server.ask('PUT', '/api/me/password', { token, json: { current, password } });
  const forgot = (email: string): Promise<Answer> => post('/api/password/forgotten', { email });
  const reset = (token: string, password: string): Promise<Answer> =>
    post('/api/password/reset', { token, password });
  const resetToken = async (email: string): Promise<string> => {
    await appliance.superuser.query(
      `delete from control.rate_counters where budget = 'password-reset'`,
    );
    expect((await forgot(email)).status).toBe(202);
    return tokenOf(await relay.linkTo(email, 'Set a new password'));
  };
  const detail = (answer: Answer): string => answer.json<{ detail: string }>().detail;

  it('AUT-02, AUT-03: the same rules hold at set-up, at a change and at a reset', async () => {
    const person = await newPerson();
    const link = await resetToken(person.email);
    const { token: setup } = await makeSetupLink(appliance.contextOf(null, null));
    const rules: [string, RegExp][] = [
      ['Short-1 a', /at least 12 characters/],
      ['onlysmallletters', /three of these/],
      ['Casemate-of-2026', /name of this product/],
      [`${person.email.split('@')[0] ?? ''}-Lamp-9`, /your address/],
      ['P@ssw0rd!2026', /leaked passwords/],
      ['Qwertyuiop123!', /leaked passwords/],
    ];
    for (const [password, words] of rules) {
      const answers = [
        await post('/api/setup', { token: setup, email: person.email, name: 'K', password }),
        await change(person.token, FIRST, password),
        await reset(link, password),
      ];
      for (const answer of answers) {
        expect([password, answer.status]).toEqual([password, 400]);
        expect(detail(answer)).toMatch(words);
      }
    }
    expect((await reset(link, 'Nine-lamps-at-sea 1')).status).toBe(204);
  });

  it('AUT-03: without its list no password is set, and nobody is let past', async () => {
    const person = await newPerson();
    const config = { ...appliance.config, CASEMATE_LEAKED_PASSWORDS_FILE: '/nowhere/list.bin' };
    const blind = await startServer(config);
    const answer = await blind.ask('PUT', '/api/me/password', {
      token: person.token,
      json: { current: FIRST, password: 'Nine-lamps-at-sea 1' },
    });
    await blind.stop();
    expect([answer.status, detail(answer)]).toEqual([
      503,
      expect.stringMatching(/can not be read/),
    ]);
    expect((await signIn(person.email, FIRST)).status).toBe(201);
  });

  it('AUT-02: none of the last five passwords comes back, and the one before them may', async () => {
    const person = await newPerson();
    const passwords = [0, 1, 2, 3, 4, 5].map((n) => `Seven-lamps-at-sea ${n}`);
    for (let n = 1; n < passwords.length; n += 1)
      expect((await change(person.token, passwords[n - 1] ?? '', passwords[n] ?? '')).status).toBe(
        204,
      );
    const link = await resetToken(person.email);
    for (const used of passwords.slice(1)) {
      const answer = await reset(link, used);
      expect([used, answer.status]).toEqual([used, 400]);
      expect(detail(answer)).toMatch(/last 5 passwords/);
    }
    expect((await reset(link, passwords[0] ?? '')).status).toBe(204);
    const { rows } = await appliance.superuser.query<{ hash: string }>(
      `select hash from control.password_history history
       join control.accounts account on account.id = history.account_id where email = $1`,
      [person.email],
    );
    expect(rows).toHaveLength(5);
    for (const { hash } of rows) expect(hash).toMatch(/^\$2b\$12\$/);
  }, 60_000);

  it('a change needs the present password, ends other sessions, and tells the person', async () => {
    const person = await newPerson();
    const other = read(await signIn(person.email, FIRST));
    const wrong = await change(person.token, 'Wrong-lamps-at 99', 'Nine-lamps-at-sea 1');
    expect(wrong.status).toBe(400);
    expect((await server.ask('PUT', '/api/me/password', { json: {} })).status).toBe(401);
    expect((await change(person.token, FIRST, 'Nine-lamps-at-sea 1')).status).toBe(204);
    expect((await refresh(other.cookie)).status).toBe(401);
    expect((await refresh(person.cookie)).status).toBe(200);
    expect((await signIn(person.email, FIRST)).status).toBe(401);
    expect((await signIn(person.email, 'Nine-lamps-at-sea 1')).status).toBe(201);
    await relay.mailTo(person.email, 'Your password was changed');
  });

  it('AUT-07: the answer is the same for an address that nobody has, and nobody gets a mail', async () => {
    const person = await newPerson();
    const [known, unknown] = [await forgot(person.email), await forgot('nobody@example.test')];
    expect([known.status, known.text]).toEqual([unknown.status, unknown.text]);
    const names = (answer: Answer): string[] => Object.keys(answer.headers).sort();
    expect(names(known)).toEqual(names(unknown));
    await relay.linkTo(person.email, 'Set a new password');
    expect(relay.mails.filter((mail) => mail.includes('nobody@'))).toEqual([]);
  });

  it('AUT-07: three requests an hour for an address, whether anybody has it or not', async () => {
    const person = await newPerson();
    for (const email of [person.email, 'nobody-else@example.test']) {
      const statuses = [];
      for (let n = 0; n < 5; n += 1) statuses.push((await forgot(email)).status);
      expect(statuses).toEqual([202, 202, 202, 429, 429]);
      expect((await forgot(email.toUpperCase())).status).toBe(429);
    }
    const all = await Promise.all(Array.from({ length: 12 }, () => forgot('at-once@example.test')));
    expect(all.filter(({ status }) => status === 202)).toHaveLength(3);
  });

  it('AUT-07: a link works once, for an hour, of eight that try it at the same time', async () => {
    const person = await newPerson();
    const link = await resetToken(person.email);
    expect(
      (await post('/api/invitations/accept', { token: link, name: 'x', password: FIRST })).status,
    ).toBe(404);
    const passwords = Array.from({ length: 8 }, (_none, n) => `Eight-lamps-at-sea ${n}`);
    const answers = await Promise.all(passwords.map((password) => reset(link, password)));
    const won = answers.findIndex(({ status }) => status === 204);
    expect(answers.filter(({ status }) => status === 204)).toHaveLength(1);
    expect((await signIn(person.email, passwords[won] ?? '')).status).toBe(201);
    const old = await resetToken(person.email);
    await appliance.superuser.query(
      `update control.account_links set expires_at = now() where purpose = 'reset'`,
    );
    expect((await reset(old, 'Ten-lamps-at-sea 99')).status).toBe(404);
  }, 60_000);

  it('AUT-07: a reset ends all sessions and signs nobody in', async () => {
    const person = await newPerson();
    const link = await resetToken(person.email);
    const answer = await reset(link, 'Nine-lamps-at-sea 1');
    expect([answer.status, answer.headers['set-cookie'], answer.text]).toEqual([
      204,
      undefined,
      '',
    ]);
    expect((await refresh(person.cookie)).status).toBe(401);
    expect((await signIn(person.email, 'Nine-lamps-at-sea 1')).status).toBe(201);
    await relay.mailTo(person.email, 'Your password was changed');
  });

  it('AUT-07: what somebody wrote into the database resets no password', async () => {
    const [person, victim] = [await newPerson(), await newPerson()];
    const link = await resetToken(person.email);
    await appliance.superuser.query(
      `update control.account_links set account_id = (select id from control.accounts where email = $1)
       where hash = $2`,
      [victim.email, appliance.parts.platform.pepper.mac('account-link', link)],
    );
    expect((await reset(link, 'Nine-lamps-at-sea 1')).status).toBe(404);
    expect((await signIn(victim.email, FIRST)).status).toBe(201);
  });

  it('AUT-05: another address counts once its mailbox was opened, by whoever asked for it', async () => {
    const [person, other] = [await newPerson(), await newPerson()];
    const ask = (email: string, current = FIRST): Promise<Answer> =>
      post('/api/me/email', { email, current }, person.token);
    const confirm = (token: string, who: string): Promise<Answer> =>
      post('/api/me/email/confirm', { token }, who);
    const next = `new-${person.email}`;
    expect((await ask(next, 'Wrong-lamps-at 99')).status).toBe(400);
    expect((await ask(next)).status).toBe(204);
    await relay.mailTo(person.email, 'Another address was entered');
    const link = tokenOf(await relay.linkTo(next));
    expect((await signIn(next, FIRST)).status).toBe(401);
    expect((await confirm(link, other.token)).status).toBe(404);
    await appliance.superuser.query(
      `update control.accounts set new_email = 'thief@example.test' where email = $1`,
      [person.email],
    );
    expect((await confirm(link, person.token)).status).toBe(404);
    await appliance.superuser.query(`update control.accounts set new_email = $2 where email = $1`, [
      person.email,
      next,
    ]);
    expect((await confirm(link, person.token)).json()).toEqual({ email: next });
    expect((await confirm(link, person.token)).status).toBe(404);
    await relay.mailTo(person.email, 'The address of your account has changed');
    expect((await signIn(next, FIRST)).status).toBe(201);
    // Somebody has that address: the answer is the same, and no mail goes there.
    expect((await ask(other.email)).status).toBe(204);
    await relay.mailTo(next, 'Another address was entered');
    expect(relay.mails.filter((mail) => mail.includes(`To: ${other.email}`))).toEqual([]);
  }, 60_000);

  it('AUT-04: the person is told of a lockout, once', async () => {
    const person = await newPerson();
    for (let n = 0; n < 6; n += 1) await signIn(person.email, 'Wrong-lamps-at 99');
    await relay.mailTo(person.email, 'Sign-in to your account is locked');
    expect(relay.mails.filter((mail) => mail.includes(`To: ${person.email}`))).toEqual([]);
  });
});
