import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { signInPerson, type SignedIn } from '../../../tests/sign-in-person.ts';
import { startRelay, tokenOf, type Relay } from '../../../tests/start-relay.ts';
import { startAppliance, type TestAppliance } from '../../../tests/test-appliance.ts';
import { startServer, type Answer, type TestServer } from '../../../tests/test-server.ts';

const PASSWORD = 'Seven-lamps-at-sea 4';

type Invited = { id: string; link: string | null };
type Team = {
  members: { accountId: string; email: string; role: string }[];
  invitations: { id: string; email: string; mail: string }[];
};

describe('invitations over HTTP', () => {
  let appliance: TestAppliance;
  let server: TestServer;
  let relay: Relay;
  let tenant: string;
  let other: string;
  let admin: SignedIn;
  let member: SignedIn;
  let reviewer: SignedIn;
  let stranger: SignedIn;
  let operator: SignedIn;
  let made = 0;

  beforeAll(async () => {
    relay = await startRelay();
    appliance = await startAppliance({
      ...relay.settings,
      CASEMATE_ANONYMOUS_PER_MINUTE: 10_000,
      CASEMATE_REGISTRATION_PER_MINUTE: 1_000,
    });
    server = await startServer(appliance.config);
    [tenant, other] = [await appliance.makeTenant('Lamp <b>& Sons'), await appliance.makeTenant()];
    admin = await signInPerson(appliance, { [tenant]: 'admin' });
    member = await signInPerson(appliance, { [tenant]: 'member' });
    reviewer = await signInPerson(appliance, { [tenant]: 'reviewer' });
    stranger = await signInPerson(appliance, { [other]: 'admin' });
    operator = await signInPerson(appliance, {}, 'super_admin');
  });
  afterAll(async () => {
    await server.stop();
    await appliance.stop();
    await relay.close();
  });

  const newAddress = (): string => `invited${(made += 1)}@example.test`;
  type Inviting = { by?: SignedIn | null; role?: string; to?: string };
  const invite = (
    email: string,
    { by = admin, role = 'member', to = tenant }: Inviting = {},
  ): Promise<Answer> =>
    server.ask('POST', `/api/tenants/${to}/invitations`, {
      ...(by ? { token: by.token } : {}),
      json: { email, role },
    });
  const accept = (token: string, body: object = {}): Promise<Answer> =>
    server.ask('POST', '/api/invitations/accept', {
      json: { token, name: 'Ada Lamb', password: PASSWORD, ...body },
    });
  const signIn = (email: string): Promise<Answer> =>
    server.ask('POST', '/api/session', { json: { email, password: PASSWORD } });
  const team = async (): Promise<Team> =>
    (await server.ask('GET', `/api/tenants/${tenant}/team`, admin)).json<Team>();
  const newToken = async (
    role = 'member',
  ): Promise<{ token: string; email: string; id: string }> => {
    const email = newAddress();
    const { id } = (await invite(email, { role })).json<Invited>();
    return { id, email, token: tokenOf(await relay.linkTo(email)) };
  };

  it('AUT-05: nobody invites but an administrator of the tenant itself', async () => {
    const email = newAddress();
    const statuses = [];
    for (const by of [null, member, reviewer, stranger, operator])
      statuses.push((await invite(email, { by })).status);
    expect(statuses).toEqual([401, 403, 403, 404, 404]);
    const platform = await server.ask('POST', '/api/platform/invitations', {
      token: admin.token,
      json: { email },
    });
    expect(platform.status).toBe(403);
    expect((await team()).invitations).toEqual([]);
  });

  it('AUT-05: a link that was never sent, was cut, or is for something else opens nothing', async () => {
    const { token } = await newToken();
    expect((await accept('x'.repeat(43))).status).toBe(404);
    expect((await accept(token.slice(1))).status).toBe(400);
    const reset = await server.ask('POST', '/api/password/reset', {
      json: { token, password: PASSWORD },
    });
    expect(reset.status).toBe(404);
    expect((await server.ask('GET', `/api/setup/${token}`)).status).toBe(404);
  });

  it('AUT-05: the invited have no account before the link of their mailbox was opened', async () => {
    const { email, token } = await newToken('reviewer');
    expect((await signIn(email)).status).toBe(401);
    const { rows } = await appliance.superuser.query<{ state: string; at: Date | null }>(
      'select state, email_verified_at as at from control.accounts where email = $1',
      [email],
    );
    expect(rows).toEqual([{ state: 'invited', at: null }]);
    expect((await accept(token)).status).toBe(201);
    const session = await signIn(email);
    expect(session.status).toBe(201);
    expect(session.json<{ tenants: object[] }>().tenants).toMatchObject([
      { id: tenant, role: 'reviewer' },
    ]);
  });

  it('AUT-05: the database holds no account that is in use and whose address nobody verified', async () => {
    const { email } = await newToken();
    const forced = appliance.superuser.query(
      `update control.accounts set state = 'active' where email = $1`,
      [email],
    );
    await expect(forced).rejects.toThrow(/active_is_verified/);
  });

  it('AUT-05: with a relay no administrator sees the link; it is in the mail alone', async () => {
    const email = newAddress();
    const answer = await invite(email);
    expect(answer.json<Invited>().link).toBeNull();
    const token = tokenOf(await relay.linkTo(email));
    expect(answer.text).not.toContain(token);
    const { rows } = await appliance.superuser.query<{ found: boolean }>(
      `select exists (select from control.mails m where m::text like $1)
         or exists (select from control.jobs j where j::text like $1)
         or exists (select from control.account_links l where l::text like $1) as found`,
      [`%${token}%`],
    );
    expect(rows).toEqual([{ found: false }]);
  });

  it('a link works once, of eight that try it at the same time', async () => {
    const { token, email } = await newToken();
    const answers = await Promise.all(Array.from({ length: 8 }, () => accept(token)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 404)).toHaveLength(7);
    expect((await accept(token)).status).toBe(404);
    expect((await team()).members.filter((one) => one.email === email)).toHaveLength(1);
  });

  it('a withdrawn invitation, an old one, and one of an earlier mail are worthless', async () => {
    const gone = await newToken();
    const path = `/api/tenants/${tenant}/invitations`;
    for (const who of [member, stranger])
      expect((await server.ask('DELETE', `${path}/${gone.id}`, who)).status).toBeGreaterThan(402);
    const elsewhere = `/api/tenants/${other}/invitations/${gone.id}`;
    expect((await server.ask('DELETE', elsewhere, stranger)).status).toBe(404);
    expect((await server.ask('DELETE', `${path}/${gone.id}`, admin)).status).toBe(204);
    expect((await accept(gone.token)).status).toBe(404);

    const again = await newToken();
    expect((await server.ask('POST', `${path}/${again.id}/resend`, stranger)).status).toBe(404);
    expect((await server.ask('POST', `${path}/${again.id}/resend`, admin)).status).toBe(200);
    const newer = tokenOf(await relay.linkTo(again.email));
    expect((await accept(again.token)).status).toBe(404);
    expect((await accept(newer)).status).toBe(201);

    const old = await newToken();
    await appliance.superuser.query(
      `update control.account_links set expires_at = now() where invitation_id = $1`,
      [old.id],
    );
    expect((await accept(old.token)).status).toBe(404);
  });

  it('AUT-05: what somebody wrote into the database invites nobody, and raises nothing', async () => {
    const { token, id } = await newToken('member');
    const set = (text: string): Promise<unknown> =>
      appliance.superuser.query(`update control.invitations set ${text} where id = $1`, [id]);
    await set(`role = 'admin'`);
    expect((await accept(token)).status).toBe(404);
    // Nor does an administrator who sends it again put the server's word under it.
    const path = `/api/tenants/${tenant}/invitations/${id}/resend`;
    expect((await server.ask('POST', path, admin)).status).toBe(404);
    expect((await accept(token)).status).toBe(404);
    await set(`role = 'member', tenant_id = '${other}'`);
    expect((await accept(token)).status).toBe(404);
    await set(`tenant_id = '${tenant}'`);
    const elsewhere = await newToken('admin');
    await appliance.superuser.query(
      `update control.account_links link set account_id = other.account_id, invitation_id = other.id
       from control.invitations other where link.invitation_id = $1 and other.id = $2`,
      [id, elsewhere.id],
    );
    expect((await accept(token)).status).toBe(404);
    await appliance.superuser.query(
      `update control.account_links link set account_id = own.account_id, invitation_id = own.id
       from control.invitations own where own.id = $1 and link.invitation_id = $2
         and link.hash = $3`,
      [id, elsewhere.id, appliance.parts.platform.pepper.mac('account-link', token)],
    );
    expect((await accept(token)).status).toBe(201);
  });

  it('somebody who has an account accepts it signed in, and nobody else can', async () => {
    const { email, token } = await newToken();
    await accept(token);
    const session = (await signIn(email)).json<{ accessToken: string }>();
    const answer = await invite(email, { by: stranger, to: other });
    expect(answer.status).toBe(201);
    const second = tokenOf(await relay.linkTo(email));
    expect((await accept(second)).status).toBe(409);
    const join = (who: string): Promise<Answer> =>
      server.ask('POST', '/api/me/invitations', { token: who, json: { token: second } });
    expect(
      (await server.ask('POST', '/api/me/invitations', { json: { token: second } })).status,
    ).toBe(401);
    expect((await join(member.token)).status).toBe(404);
    const joined = await join(session.accessToken);
    expect([joined.status, joined.json()]).toEqual([200, { tenantId: other }]);
    expect((await join(session.accessToken)).status).toBe(404);
  });

  it('an invitation tells nobody whether there is an account', async () => {
    const known = await invite(`${stranger.accountId}@example.invalid`);
    const unknown = await invite(newAddress());
    expect([known.status, Object.keys(known.json<object>())]).toEqual([
      unknown.status,
      Object.keys(unknown.json<object>()),
    ]);
    expect((await invite(`${member.accountId}@example.invalid`)).status).toBe(409);
  });

  it('names in a mail are text: they make no markup and no header', async () => {
    const email = newAddress();
    await invite(email);
    const mail = await relay.mailTo(email);
    expect(mail).toContain('Lamp &lt;b&gt;&amp; Sons');
    expect(mail.split('Content-Type: text/html')[1]).not.toContain('<b>');
    expect(mail.match(/^Subject: .*$/m)?.[0]).toContain('You are invited to Lamp <b>& Sons');
    expect(mail).toContain('Auto-Submitted: auto-generated');
  });

  it('an administrator of the platform invites another, and the first of a tenant', async () => {
    const ask = (json: object): Promise<Answer> =>
      server.ask('POST', '/api/platform/invitations', { token: operator.token, json });
    const [boss, first] = [newAddress(), newAddress()];
    const empty = await appliance.makeTenant();
    expect((await ask({ email: first, tenantId: operator.accountId })).status).toBe(404);
    expect((await ask({ email: boss })).status).toBe(201);
    expect((await ask({ email: first, tenantId: empty })).status).toBe(201);
    for (const email of [boss, first])
      expect((await accept(tokenOf(await relay.linkTo(email)))).status).toBe(201);
    const view = (await signIn(boss)).json<{ account: object }>();
    expect(view.account).toMatchObject({ platformRole: 'super_admin' });
    expect((await signIn(first)).json<{ tenants: object[] }>().tenants).toMatchObject([
      { id: empty, role: 'admin' },
    ]);
  });

  it('RBA-01: nor is an invitation a way of the platform to the content of a tenant that has an administrator', async () => {
    const ask = (json: object): Promise<Answer> =>
      server.ask('POST', '/api/platform/invitations', { token: operator.token, json });
    const refused = await ask({ email: newAddress(), tenantId: tenant });
    expect([refused.status, refused.text.includes('page Team')]).toEqual([409, true]);
    expect((await ask({ email: newAddress(), tenantId: tenant, role: 'member' })).status).toBe(400);
    // Nor one that is left open until there is something to see: of several at once, one.
    const empty = await appliance.makeTenant();
    const wishes = Array.from({ length: 4 }, () => ask({ email: newAddress(), tenantId: empty }));
    const statuses = (await Promise.all(wishes)).map(({ status }) => status);
    expect(statuses.toSorted()).toEqual([201, 409, 409, 409]);
  });

  it('everything about an invitation is in the audit log, and no address is', async () => {
    const { rows } = await appliance.superuser.query<{ action: string; line: string }>(
      `select action, e::text as line from control.audit_events e
       where action ~ '^(invitation|membership|account)[.]'`,
    );
    expect(new Set(rows.map(({ action }) => action))).toEqual(
      new Set([
        'invitation.create',
        'invitation.resend',
        'invitation.withdraw',
        'membership.create',
        'account.create',
        'account.promote',
      ]),
    );
    expect(rows.filter(({ line }) => line.includes('@example'))).toEqual([]);
  });
});
