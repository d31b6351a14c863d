import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { signInPerson, type SignedIn } from '../../../tests/sign-in-person.ts';
import { tokenOf } from '../../../tests/start-relay.ts';
import { startAppliance, type TestAppliance } from '../../../tests/test-appliance.ts';
import { startServer, type Answer, type TestServer } from '../../../tests/test-server.ts';

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
  });

  it('an address is not changed where nobody can verify it', async () => {
    const answer = await post('/api/me/email', { email: 'x@example.test', current: 'x' }, admin);
    expect([answer.status, answer.json<{ code: string }>().code]).toEqual([409, 'not_allowed_now']);
  });
});
