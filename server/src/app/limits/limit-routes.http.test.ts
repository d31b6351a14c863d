import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { signInPerson, type SignedIn } from '../../../tests/sign-in-person.ts';
import { startAppliance, type TestAppliance } from '../../../tests/test-appliance.ts';
import { startServer, type TestServer } from '../../../tests/test-server.ts';
import type { Platform } from '../../platform/index.ts';
import { limitsCommand } from '../limits-command.ts';
import { testConfig } from '../../../tests/test-appliance.ts';

type Shown = {
  limits: { name: string; of: string; limit: number }[];
  lockouts: { id: string; of: string; address: string; email: string | null }[];
  breakers: ReturnType<Platform['resilience']['view']>[];
};

describe('what the limits page shows', () => {
  let appliance: TestAppliance;
  let server: TestServer;
  let admin: SignedIn;
  let member: SignedIn;
  let email: string;

  beforeAll(async () => {
    appliance = await startAppliance({ CASEMATE_ANONYMOUS_PER_MINUTE: 77 });
    server = await startServer(appliance.config);
    admin = await signInPerson(appliance, {}, 'super_admin');
    member = await signInPerson(appliance);
    email = `${member.accountId}@example.invalid`;
    for (let tries = 0; tries < 5; tries += 1) await signIn();
  });
  afterAll(async () => {
    await server.stop();
    await appliance.stop();
  });

  const signIn = async (): Promise<number> =>
    (await server.ask('POST', '/api/session', { json: { email, password: 'Wrong-horse-77' } }))
      .status;
  const show = async (): Promise<Shown> =>
    (await server.ask('GET', '/api/platform/limits', { token: admin.token })).json<Shown>();

  it('RAT-01: is the platform’s administrators’ alone', async () => {
    expect((await server.ask('GET', '/api/platform/limits')).status).toBe(401);
    const refused = await server.ask('GET', '/api/platform/limits', { token: member.token });
    expect(refused.status).toBe(403);
  });

  it('RAT-01: names the limits as they are set, and who is locked out', async () => {
    const { limits, lockouts, breakers } = await show();
    expect(limits).toContainEqual(expect.objectContaining({ name: 'anonymous', limit: 77 }));
    expect(lockouts).toEqual([
      expect.objectContaining({ of: 'pair', address: '127.0.0.1', email }),
    ]);
    expect(breakers).toHaveLength(3);
  });

  const end = async (id: string | undefined, token?: string): Promise<number> => {
    const path = `/api/platform/lockouts/${encodeURIComponent(id ?? '')}/end`;
    return (await server.ask('POST', path, token === undefined ? {} : { token })).status;
  };
  const auditOf = async (id: string | undefined): Promise<string[]> => {
    const { rows } = await appliance.superuser.query<{ action: string; actor: string }>(
      `select action, actor_kind as actor from control.audit_events where resource_id = $1 order by at`,
      [id],
    );
    return rows.map(({ action, actor }) => `${action} ${actor}`);
  };

  it('AUT-04: nobody else ends a lockout, nor what is none', async () => {
    const [lockout] = (await show()).lockouts;
    expect(await end(lockout?.id)).toBe(401);
    expect(await end(lockout?.id, member.token)).toBe(403);
    expect(await end(member.accountId, admin.token)).toBe(404);
    expect(await end("x' or true --", admin.token)).toBe(400);
    expect((await show()).lockouts).toHaveLength(1);
    expect(await signIn()).toBe(429);
  });

  it('AUT-04: an administrator of the platform ends a lockout once, which is audited', async () => {
    const [lockout] = (await show()).lockouts;
    expect(await end(lockout?.id, admin.token)).toBe(204);
    expect((await show()).lockouts).toEqual([]);
    expect(await end(lockout?.id, admin.token)).toBe(404);
    expect(await auditOf(lockout?.id)).toEqual(['session.lock anonymous', 'session.unlock human']);
    for (let tries = 0; tries < 5; tries += 1) expect(await signIn()).toBe(401);
  });

  it('AUT-04: the command on the host ends a lockout, which is audited, and no other is', async () => {
    expect(await signIn()).toBe(429);
    const [lockout] = (await show()).lockouts;
    const command = (wish: object): Promise<unknown> =>
      limitsCommand(testConfig(appliance.config.CASEMATE_DATABASE_NAME), JSON.stringify(wish));
    await expect(command({ verb: 'unlock', id: member.accountId })).rejects.toThrow(
      'No such lockout',
    );
    expect(await command({ verb: 'unlock', id: lockout?.id })).toEqual({ unlocked: lockout?.id });
    expect((await show()).lockouts).toEqual([]);
    expect(await signIn()).toBe(401);
    expect(await auditOf(lockout?.id)).toEqual(['session.lock anonymous', 'session.unlock system']);
  });
});
