import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startAppliance, type TestAppliance } from '../../../tests/test-appliance.ts';
import { startServer, type Answer, type TestServer } from '../../../tests/test-server.ts';
import { makeSetupLink } from '../../identity/index.ts';
import { newId } from '../../platform/index.ts';

const RIGHT = 'Correct-horse-7';
const WRONG = 'Wrong-horse-77';
const PER_ACCOUNT = 5;
const NAME = '__Secure-casemate-device';

describe('a browser that has signed in before', () => {
  let appliance: TestAppliance;
  let server: TestServer;
  let email: string;
  let device: string;

  beforeAll(async () => {
    appliance = await startAppliance({
      CASEMATE_SIGN_IN_FAILURES_PER_ACCOUNT: PER_ACCOUNT,
      CASEMATE_SIGN_IN_FAILURES_PER_ADDRESS: 6,
      CASEMATE_ANONYMOUS_PER_MINUTE: 10_000,
      CASEMATE_REGISTRATION_PER_MINUTE: 1_000,
    });
    server = await startServer(appliance.config);
  });
  beforeEach(async () => {
    email = `${newId()}@example.invalid`;
    const { token } = await makeSetupLink(appliance.contextOf(null, null));
    const made = await server.ask('POST', '/api/setup', {
      json: { token, email, name: 'Person', password: RIGHT },
    });
    expect(made.status).toBe(201);
    device = deviceOf(made);
  });
  afterAll(async () => {
    await server.stop();
    await appliance.stop();
  });

  const deviceOf = ({ headers }: Answer): string =>
    [headers['set-cookie'] ?? []].flat().find((cookie) => cookie.startsWith(NAME)) ?? '';
  const valueOf = (cookie: string): string => cookie.split(';')[0]?.split('=')[1] ?? '';
  type Try = { password?: string; from?: string; cookie?: string; who?: string };
  const signIn = ({ password = RIGHT, from = '127.0.0.1', cookie, who = email }: Try) =>
    server.ask('POST', '/api/session', {
      json: { email: who, password },
      from,
      ...(cookie === undefined ? {} : { headers: { cookie: `${NAME}=${cookie}` } }),
    });
  let attackers = 0;
  /** From addresses of their own, until the e-mail is locked for whoever is not known. */
  const attack = async (): Promise<void> => {
    const statuses: number[] = [];
    for (let tries = 0; tries <= PER_ACCOUNT; tries += 1) {
      attackers += 1;
      const from = `127.1.${Math.floor(attackers / 200)}.${(attackers % 200) + 1}`;
      statuses.push((await signIn({ password: WRONG, from })).status);
    }
    expect(statuses.at(-1)).toBe(429);
  };

  it('AUT-04: whoever locks an e-mail from elsewhere locks only those who are not known', async () => {
    await attack();
    expect((await signIn({})).status).toBe(429);
    const own = await signIn({ cookie: valueOf(device) });
    expect(own.status).toBe(201);
    // Nor does its success open the door for others, and the new cookie is as good.
    expect((await signIn({})).status).toBe(429);
    expect((await signIn({ cookie: valueOf(deviceOf(own)) })).status).toBe(201);
  });

  it('AUT-04: it is not locked by others behind its own address', async () => {
    for (let tries = 0; tries < 7; tries += 1)
      await signIn({ password: WRONG, from: '127.2.0.1', who: `${newId()}@example.invalid` });
    expect((await signIn({ from: '127.2.0.1' })).status).toBe(429);
    expect((await signIn({ from: '127.2.0.1', cookie: valueOf(device) })).status).toBe(201);
  });

  it('AUT-04: a cookie of another account, of another key, changed, or too old makes nobody known', async () => {
    const own = valueOf(device);
    await attack();
    const [issued = '', slot = '', mac = ''] = own.split('.');
    const { token } = await makeSetupLink(appliance.contextOf(null, null));
    const other = await server.ask('POST', '/api/setup', {
      json: { token, email: `${newId()}@example.invalid`, name: 'Other', password: RIGHT },
    });
    const old = Math.floor(Date.now() / 1000) - 181 * 86_400;
    const signed = appliance.parts.platform.pepper.mac('device', `${email}|${old}|${slot}`);
    for (const cookie of [
      valueOf(deviceOf(other)),
      `${issued}.${(Number(slot) + 1) % 16}.${mac}`,
      `${issued}.${slot}.${'A'.repeat(43)}`,
      `${old}.${slot}.${signed.toString('base64url')}`,
      `${issued}.${slot}`,
      '~'.repeat(3_000),
    ])
      expect([cookie, (await signIn({ cookie })).status]).toEqual([cookie, 429]);
    expect((await signIn({ cookie: own })).status).toBe(201);
  });

  it('AUT-04: it has five tries itself, wherever it is, and locks nobody else', async () => {
    const cookie = valueOf(device);
    const statuses: number[] = [];
    for (let tries = 0; tries < 6; tries += 1)
      statuses.push(
        (await signIn({ cookie, password: WRONG, from: `127.3.0.${tries + 1}` })).status,
      );
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
    expect((await signIn({ cookie, from: '127.3.0.9' })).status).toBe(429);
    expect((await signIn({})).status).toBe(201);
  });

  it('AUT-04: keeps its cookie for itself, and of five accounts at most', async () => {
    expect(device).toMatch(
      /^__Secure-casemate-device=\d+\.\d+\.[\w-]{43}; Max-Age=15552000; Path=\/api\/session; HttpOnly; Secure; SameSite=Strict$/,
    );
    expect(device).not.toContain(email);
    let cookie = valueOf(device);
    for (let count = 0; count < 6; count += 1) {
      const { token } = await makeSetupLink(appliance.contextOf(null, null));
      const made = await server.ask('POST', '/api/setup', {
        json: { token, email: `${newId()}@example.invalid`, name: 'Other', password: RIGHT },
        headers: { cookie: `${NAME}=${cookie}` },
      });
      cookie = valueOf(deviceOf(made));
    }
    expect(cookie.split('~')).toHaveLength(5);
  });
});
