import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { signInPerson, type SignedIn } from '../../../tests/sign-in-person.ts';
import { tokenOf } from '../../../tests/start-relay.ts';
import { startAppliance, type TestAppliance } from '../../../tests/test-appliance.ts';
import { startServer, type Answer, type TestServer } from '../../../tests/test-server.ts';
import { deactivate } from '../accounts/change-state.ts';
import { invite as inviteAs } from './invite.ts';

const PASSWORD = 'Seven-lamps-at-sea 4';

describe('a site without a mail relay', () => {
  let appliance: TestAppliance;
  let server: TestServer;
  let tenant: string;
  let admin: SignedIn;
  let operator: SignedIn;

  beforeAll(async () => {
    appliance = await startAppliance({
      CASEMATE_ANONYMOUS_PER_MINUTE: 1_000,
      CASEMATE_REGISTRATION_PER_MINUTE: 1_000,
    });
    server = await startServer(appliance.config);
    tenant = await appliance.makeTenant();
    admin = await signInPerson(appliance, { [tenant]: 'admin' });
    operator = await signInPerson(appliance, {}, 'super_admin');
  });
  afterAll(async () => {
    await server.stop();
    await appliance.stop();
  });

  const post = (path: string, json: object | undefined, who?: SignedIn): Promise<Answer> =>
    server.ask('POST', path, { ...(json ? { json } : {}), ...(who ? { token: who.token } : {}) });
  const signIn = (email: string, password: string): Promise<Answer> =>
    post('/api/session', { email, password });
  const invite = async (email: string): Promise<string> => {
    const json = { email, role: 'member' };
    const answer = await post(`/api/tenants/${tenant}/invitations`, json, admin);
    return tokenOf(answer.json<{ link: string }>().link);
  };

  it('AUT-05: without a relay whoever invites gets the link once, to hand it over', async () => {
    const email = 'handed@example.test';
    const token = await invite(email);
    const team = await server.ask('GET', `/api/tenants/${tenant}/team`, admin);
    expect(team.text).not.toContain(token);
    expect(team.json()).toMatchObject({ relay: false, invitations: [{ email, mail: 'none' }] });
    const wish = { token, name: 'Handed', password: PASSWORD };
    expect((await post('/api/invitations/accept', wish)).status).toBe(201);
    expect((await signIn(email, PASSWORD)).status).toBe(201);
    const { rows } = await appliance.superuser.query(
      'select email_verified_by as by from control.accounts where email = $1',
      [email],
    );
    expect(rows).toEqual([{ by: 'handed_over' }]);
  });

  it('RBA-01: whoever runs the platform gets no link of an invitation that a tenant made', async () => {
    const token = await invite('next-admin@example.test');
    const listed = await server.ask('GET', '/api/platform/invitations', operator);
    const { items } = listed.json<{ items: { id: string; email: string }[] }>();
    const open = items.find(({ email }) => email === 'next-admin@example.test');
    const again = `invitations/${open?.id ?? ''}/resend`;
    expect((await post(`/api/platform/${again}`, undefined, operator)).status).toBe(409);
    // The tenant's own link goes on, and its administrator may send it once more.
    expect((await post('/api/invitations/read', { token })).status).toBe(200);
    expect((await post(`/api/tenants/${tenant}/${again}`, undefined, admin)).status).toBe(200);
    // An invitation of the platform's own is sent again by the platform.
    const own = { email: 'second-operator@example.test' };
    const made = await post('/api/platform/invitations', own, operator);
    const { id } = made.json<{ id: string }>();
    const resent = await post(`/api/platform/invitations/${id}/resend`, undefined, operator);
    expect([made.status, resent.status]).toEqual([201, 200]);
  });

  it("RBA-01: the platform shuts no tenant's own people out and takes their place", async () => {
    const place = await appliance.makeTenant();
    const ask = (email: string): Promise<Answer> =>
      post('/api/platform/invitations', { email, tenantId: place }, operator);
    const account = (id: string, verb: string): Promise<Answer> =>
      post(`/api/platform/accounts/${id}/${verb}`, undefined, operator);
    const email = 'only-admin@example.test';
    const token = tokenOf((await ask(email)).json<{ link: string }>().link);
    const name = 'Only';
    await post('/api/invitations/accept', { token, name, password: PASSWORD });
    const { account: only } = (await signIn(email, PASSWORD)).json<{ account: { id: string } }>();
    expect((await ask('own@example.test')).status).toBe(409);
    const refused = await account(only.id, 'deactivate');
    expect([refused.status, refused.text.includes('last administrator')]).toEqual([409, true]);
    // The twin: one of two goes, and the other stays then.
    const peer = await signInPerson(appliance, { [place]: 'admin' });
    expect((await account(peer.accountId, 'deactivate')).status).toBe(204);
    expect((await account(only.id, 'deactivate')).status).toBe(409);
    // Whoever is on the host may; the platform brings nobody in afterwards, nor after an erasure.
    const { identity } = appliance.parts;
    const host = appliance.contextOf(null, null);
    await deactivate(host, identity, { accountId: only.id, by: 'host' });
    expect((await ask('own@example.test')).status).toBe(409);
    for (const id of [only.id, peer.accountId]) {
      const path = `/api/platform/accounts/${id}`;
      expect((await server.ask('DELETE', path, operator)).status).toBe(204);
    }
    expect((await ask('own@example.test')).status).toBe(409);
    const anew = { email: 'anew@example.test', to: { tenantId: place, role: 'admin' } } as const;
    const { link } = await inviteAs(host, identity, anew);
    const wish = { token: tokenOf(link ?? ''), name, password: PASSWORD };
    expect((await post('/api/invitations/accept', wish)).status).toBe(201);
  });

  it('RBA-01: who may invite no more brings nobody in by an invitation of before', async () => {
    const leaver = await signInPerson(appliance, { [tenant]: 'admin' });
    const team = `/api/tenants/${tenant}`;
    const made: { id: string; link: string }[] = [];
    for (const email of ['own-a@example.test', 'own-b@example.test']) {
      const answer = await post(`${team}/invitations`, { email, role: 'admin' }, leaver);
      made.push(answer.json());
    }
    const accept = (link: string): Promise<Answer> =>
      post('/api/invitations/accept', { token: tokenOf(link), name: 'Own', password: PASSWORD });
    const [first, second] = made.map(({ link }) => link);
    const role = { token: admin.token, json: { role: 'member' } };
    const path = `${team}/team/${leaver.accountId}`;
    expect((await server.ask('PATCH', path, role)).status).toBe(204);
    expect((await accept(first ?? '')).status).toBe(404);
    expect((await post('/api/invitations/read', { token: tokenOf(first ?? '') })).status).toBe(404);
    expect((await server.ask('DELETE', path, admin)).status).toBe(204);
    expect((await accept(second ?? '')).status).toBe(404);
    // The twin: an administrator sends it again, and it is theirs.
    const again = `${team}/invitations/${made[1]?.id ?? ''}/resend`;
    const { link } = (await post(again, undefined, admin)).json<{ link: string }>();
    expect((await accept(second ?? '')).status).toBe(404);
    expect((await accept(link)).status).toBe(201);
    // Of the platform's the same, to the platform and to a tenant.
    const place = await appliance.makeTenant();
    const one = await signInPerson(appliance, {}, 'super_admin');
    const [root, lead] = [{ email: 'root@example.test' }, { email: 'lead@example.test' }];
    const toPlatform = await post('/api/platform/invitations', root, one);
    const toTenant = await post('/api/platform/invitations', { ...lead, tenantId: place }, one);
    await signInPerson(appliance, { [place]: 'admin' });
    expect((await accept(toTenant.json<{ link: string }>().link)).status).toBe(404);
    const off = `/api/platform/accounts/${one.accountId}/deactivate`;
    expect((await post(off, undefined, operator)).status).toBe(204);
    expect((await accept(toPlatform.json<{ link: string }>().link)).status).toBe(404);
  });

  it('AUT-07: without a relay an administrator starts a reset and never knows the password', async () => {
    const email = 'forgot@example.test';
    const token = await invite(email);
    await post('/api/invitations/accept', { token, name: 'Forgot', password: PASSWORD });
    const asked = await post('/api/password/forgotten', { email });
    expect([asked.status, asked.json()]).toEqual([202, { by: 'administrator' }]);
    const { rows } = await appliance.superuser.query<{ id: string }>(
      'select id from control.accounts where email = $1',
      [email],
    );
    const path = `/api/platform/accounts/${rows[0]?.id ?? ''}/reset`;
    const withPassword = await post(path, { password: 'Chosen-by-another 1' }, operator);
    expect(withPassword.status).toBe(400);
    expect((await post(path, undefined, admin)).status).toBe(403);
    const made = await post(path, undefined, operator);
    const link = tokenOf(made.json<{ link: { url: string } }>().link.url);
    expect((await signIn(email, PASSWORD)).status).toBe(201);
    const wish = { token: link, password: 'Nine-lamps-at-sea 1' };
    expect((await post('/api/password/reset', wish)).status).toBe(204);
    expect((await signIn(email, PASSWORD)).status).toBe(401);
    expect((await signIn(email, 'Nine-lamps-at-sea 1')).status).toBe(201);
    // Whose content the account reaches sees that it was opened, and by whom.
    const seen = await appliance.superuser.query<{ action: string; tenant: string | null }>(
      `select event.action, event.tenant_id as tenant from control.audit_events event
       join control.accounts account on account.audit_id::text = event.resource_id
       where account.email = $1 and event.action in ('password.make_reset_link', 'password.reset')
       order by event.id`,
      [email],
    );
    expect(seen.rows).toEqual(
      ['password.make_reset_link', 'password.reset'].flatMap((action) => [
        { action, tenant: null },
        { action, tenant },
      ]),
    );
  });

  it('AUT-05: without a relay another administrator hands over the link of a new address', async () => {
    const join = async (email: string): Promise<{ id: string; token: string }> => {
      await post('/api/invitations/accept', {
        ...{ token: await invite(email), name: 'Mover', password: PASSWORD },
      });
      const { accessToken, account } = (await signIn(email, PASSWORD)).json<{
        accessToken: string;
        account: { id: string };
      }>();
      return { id: account.id, token: accessToken };
    };
    const [mover, other] = [await join('old@example.test'), await join('other@example.test')];
    const ask = (json: object): Promise<Answer> =>
      server.ask('POST', '/api/me/email', { json, token: mover.token });
    const link = (id: string, who: SignedIn): Promise<Answer> =>
      post(`/api/platform/accounts/${id}/email`, undefined, who);
    const confirm = (token: string, who: { token: string }): Promise<Answer> =>
      server.ask('POST', '/api/me/email/confirm', { json: { token }, token: who.token });
    const email = 'new@example.test';
    expect((await link(mover.id, operator)).status).toBe(409);
    expect((await ask({ email, current: 'Wrong-lamps-at 99' })).status).toBe(400);
    expect((await ask({ email, current: PASSWORD })).status).toBe(204);
    expect((await signIn(email, PASSWORD)).status).toBe(401);
    expect((await link(mover.id, admin)).status).toBe(403);
    const made = await link(mover.id, operator);
    const { url } = made.json<{ url: string }>();
    expect([made.status, made.json()]).toMatchObject([201, { email }]);
    expect((await confirm(tokenOf(url), other)).status).toBe(404);
    expect((await confirm(tokenOf(url), mover)).json()).toEqual({ email });
    expect((await confirm(tokenOf(url), mover)).status).toBe(404);
    expect((await signIn(email, PASSWORD)).status).toBe(201);
    const { rows } = await appliance.superuser.query(
      'select email_verified_by as by from control.accounts where email = $1',
      [email],
    );
    expect(rows).toEqual([{ by: 'handed_over' }]);
    // An address that somebody has is asked for with the same answer, and gets no link.
    expect((await ask({ email: 'other@example.test', current: PASSWORD })).status).toBe(204);
    expect((await link(mover.id, operator)).status).toBe(409);
  });
});
