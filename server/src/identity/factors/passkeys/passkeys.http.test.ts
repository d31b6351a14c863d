import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { softPasskey, type Deviation, type SoftPasskey } from '../../../../tests/soft-passkey.ts';
import { startAppliance, type TestAppliance } from '../../../../tests/test-appliance.ts';
import { startServer, type Answer, type TestServer } from '../../../../tests/test-server.ts';
import { answerWith, askedFor } from '../../../../tests/use-authenticator.ts';
import { makeSetupLink } from '../../index.ts';

const PASSWORD = 'Correct-horse-7';
type Options = { challenge: string; options: { challenge: string } };
type Made = { email: string; token: string; accountId: string; key: SoftPasskey; factor: string };

describe('passkeys', () => {
  let appliance: TestAppliance;
  let server: TestServer;
  let count = 0;

  beforeAll(async () => {
    appliance = await startAppliance({
      CASEMATE_ANONYMOUS_PER_MINUTE: 10_000,
      CASEMATE_REGISTRATION_PER_MINUTE: 1_000,
      CASEMATE_SECOND_FACTOR_FAILURES: 500,
    });
    server = await startServer(appliance.config);
  });
  afterAll(async () => {
    await server.stop();
    await appliance.stop();
  });

  const makeBare = async (): Promise<{ email: string; token: string; accountId: string }> => {
    count += 1;
    const email = `person${count}@example.invalid`;
    const { token } = await makeSetupLink(appliance.contextOf(null, null));
    const made = await server.ask('POST', '/api/setup', {
      json: { token, email, name: 'Person', password: PASSWORD },
    });
    const session = made.json<{ accessToken: string; account: { id: string } }>();
    return { email, token: session.accessToken, accountId: session.account.id };
  };
  const begin = async (token: string): Promise<Options> =>
    (await server.ask('POST', '/api/me/factors/passkeys/challenge', { token })).json<Options>();
  const add = (token: string, challenge: string, response: unknown): Promise<Answer> =>
    server.ask('POST', '/api/me/factors/passkeys', {
      token,
      json: { challenge, name: 'Key', response },
    });
  const make = async (): Promise<Made> => {
    const person = await makeBare();
    const key = softPasskey();
    const { challenge, options } = await begin(person.token);
    const added = await add(person.token, challenge, key.register(options));
    expect([added.status, added.text]).toEqual([201, expect.any(String)]);
    return { ...person, key, factor: added.json<{ id: string }>().id };
  };
  const ask = (email: string) => askedFor(server, { email, password: PASSWORD });
  const second = async (email: string, key: SoftPasskey, as: Deviation = {}): Promise<Answer> => {
    const { challenge, passkey } = await ask(email);
    const asked = { challenge: String(passkey?.['challenge']) };
    return answerWith(server, challenge, { kind: 'passkey', response: key.assert(asked, as) });
  };
  const askAlone = async (): Promise<Options> =>
    (await server.ask('POST', '/api/session/passkey/challenge')).json<Options>();
  const alone = async (key: SoftPasskey, as: Deviation = {}): Promise<Answer> => {
    const { challenge, options } = await askAlone();
    return server.ask('POST', '/api/session/passkey', {
      json: { challenge, response: key.assert(options, as) },
    });
  };

  it.each([
    ['from another origin', { origin: 'https://evil.example' }],
    ['of another relying party', { rpId: 'evil.example' }],
    ['of another challenge', { challenge: Buffer.alloc(32).toString('base64url') }],
    ['that is an answer to a sign-in', { type: 'webauthn.get' }],
  ])('MFA-06: a new passkey %s is refused', async (_what, as: Deviation) => {
    const { token } = await makeBare();
    const { challenge, options } = await begin(token);
    expect((await add(token, challenge, softPasskey().register(options, as))).status).toBe(400);
  });

  it('MFA-06: the challenge of another person, or one that was used, takes no passkey', async () => {
    const [one, other] = [await makeBare(), await makeBare()];
    const { challenge, options } = await begin(one.token);
    const key = softPasskey();
    expect((await add(other.token, challenge, key.register(options))).status).toBe(410);
    expect((await add(one.token, challenge, key.register(options))).status).toBe(201);
    expect((await add(one.token, challenge, softPasskey().register(options))).status).toBe(410);
    const again = await begin(one.token);
    expect((await add(one.token, again.challenge, key.register(again.options))).status).toBe(409);
  });

  it.each([
    ['from another origin', { origin: 'https://evil.example' }],
    ['from a look-alike origin', { origin: 'https://localhost.evil.example' }],
    ['of another relying party', { rpId: 'evil.example' }],
    ['of another challenge', { challenge: Buffer.alloc(32).toString('base64url') }],
    ['that is a registration', { type: 'webauthn.create' }],
    ['for the handle of another person', { userHandle: Buffer.alloc(16).toString('base64url') }],
  ])('MFA-06: an assertion %s is refused, as second factor and alone', async (_what, as) => {
    const { email, key } = await make();
    expect((await second(email, key, as)).status).toBe(400);
    expect((await alone(key, as)).status).toBe(401);
  });

  it('MFA-06: as second factor and alone it signs in, twice with two challenges', async () => {
    const { email, key } = await make();
    for (let times = 0; times < 2; times += 1) {
      expect((await second(email, key)).status).toBe(201);
      const signedIn = await alone(key);
      expect(signedIn.status).toBe(201);
      const { accessToken: token } = signedIn.json<{ accessToken: string }>();
      expect((await server.ask('GET', '/api/platform/guards', { token })).status).toBe(200);
    }
  });

  it('MFA-06: alone it must have looked at its person; after the password its presence is enough', async () => {
    const { email, key } = await make();
    expect((await alone(key, { userVerified: false })).status).toBe(401);
    expect((await second(email, key, { userVerified: false })).status).toBe(201);
  });

  it('MFA-06: an answer works once: the same one again, and another one to its challenge, are refused', async () => {
    const { key } = await make();
    const { challenge, options } = await askAlone();
    const json = { challenge, response: key.assert(options) };
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => server.ask('POST', '/api/session/passkey', { json })),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    const next = { challenge, response: key.assert(options) };
    expect((await server.ask('POST', '/api/session/passkey', { json: next })).status).toBe(410);
  });

  it('MFA-06: the passkey of another person, and one that nobody registered, open nothing', async () => {
    const [one, other] = [await make(), await make()];
    expect((await second(one.email, other.key)).status).toBe(400);
    expect((await alone(softPasskey())).status).toBe(401);
  });

  it('MFA-06: a counter that does not grow is a copy: it is refused and audited', async () => {
    const { key } = await make();
    expect((await alone(key, { counter: 7 })).status).toBe(201);
    expect((await alone(key, { counter: 7 })).status).toBe(401);
    expect((await alone(key, { counter: 6 })).status).toBe(401);
    const { rowCount } = await appliance.superuser.query(
      `select from control.audit_events where action = 'factor.cloned'`,
    );
    expect(rowCount).toBe(2);
    expect((await alone(key, { counter: 8 })).status).toBe(201);
  });

  it('MFA-06, AUT-01: a passkey that somebody wrote into the database signs nobody in', async () => {
    const [one, thief] = [await make(), await make()];
    await appliance.superuser.query(
      'update control.account_factors set account_id = $1 where id = $2',
      [one.accountId, thief.factor],
    );
    expect((await alone(thief.key)).status).toBe(401);
    // Its owner is locked out until the row is looked at: the seal names other factors now.
    const person = { email: one.email, password: PASSWORD };
    expect((await server.ask('POST', '/api/session', { json: person })).status).toBe(401);
  });
});
