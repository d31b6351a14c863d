import { constants, generateKeyPairSync, privateDecrypt, type KeyObject } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, waitForState } from '../../../tests/sealed-tenant.ts';
import { signInPerson, type SignedIn } from '../../../tests/sign-in-person.ts';
import { startAppliance, type TestAppliance } from '../../../tests/test-appliance.ts';
import { startServer, type Answer, type TestServer } from '../../../tests/test-server.ts';
import { newId } from '../../platform/index.ts';

type Shown = {
  custodian: { name: string; operator: boolean; you: boolean; takenAt: string | null };
};

describe('who takes the key shares of a tenant', () => {
  let appliance: TestAppliance;
  let server: TestServer;
  let operator: SignedIn;
  let custodian: SignedIn;
  let emails: Map<string, string>;

  beforeAll(async () => {
    appliance = await startAppliance();
    server = await startServer(appliance.config);
    operator = await signInPerson(appliance, {}, 'super_admin');
    custodian = await signInPerson(appliance);
    const { rows } = await appliance.superuser.query<{ id: string; email: string }>(
      'select id, email from control.accounts',
    );
    emails = new Map(rows.map(({ id, email }) => [id, email]));
  });
  afterAll(async () => {
    await server.stop();
    await appliance.stop();
  });

  const emailOf = ({ accountId }: SignedIn): string => emails.get(accountId) ?? 'nobody';
  const make = (json: object): Promise<Answer> =>
    server.ask('POST', '/api/tenants', {
      token: operator.token,
      json: { name: `Held ${newId()}`, tier: 'sealed', ...json },
    });
  const makeFor = async (holder: SignedIn): Promise<string> => {
    const made = await make({ joinAs: 'admin', custodian: emailOf(holder) });
    expect([made.status, made.text]).toEqual([202, expect.any(String)]);
    const { id } = made.json<{ id: string }>();
    // A session learns of a membership that somebody else gave a moment later.
    await eventually(async () => ((await seal(holder, id)).status === 200 ? true : undefined));
    return id;
  };
  const seal = (who: SignedIn, id: string, path = '', json?: object): Promise<Answer> =>
    server.ask(json ? 'POST' : 'GET', `/api/tenants/${id}/seal${path}`, {
      token: who.token,
      ...(json ? { json } : {}),
    });
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 3072 });
  const asking = {
    publicKey: publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
    shares: 3,
    threshold: 2,
  };
  const ask = (who: SignedIn, id: string): Promise<Answer> => seal(who, id, '/shares', asking);
  const takeNow = (who: SignedIn, id: string): Promise<Answer> => seal(who, id, '/shares/take', {});
  const take = (who: SignedIn, id: string): Promise<string[]> =>
    eventually(async () => {
      const { sealedShares } = (await takeNow(who, id)).json<{ sealedShares: string[] | null }>();
      return sealedShares?.map((share) => decrypt(privateKey, share));
    });
  const shownTo = async (who: SignedIn, id: string): Promise<Shown['custodian']> =>
    (await seal(who, id)).json<Shown>().custodian;

  it('ENC-11: the platform’s operator who joins as administrator gets no share; the custodian does', async () => {
    const id = await makeFor(custodian);
    expect((await ask(operator, id)).status).toBe(403);
    expect((await takeNow(operator, id)).status).toBe(403);
    // Its twin, with the operator trying again once there are shares to take.
    expect((await ask(custodian, id)).status).toBe(204);
    await eventually(async () => {
      const { rows } = await appliance.superuser.query<{ made: boolean }>(
        'select sealed_shares is not null as made from control.seal_ceremonies where tenant_id = $1',
        [id],
      );
      return rows[0]?.made === true ? true : undefined;
    });
    expect((await takeNow(operator, id)).status).toBe(403);
    expect((await ask(operator, id)).status).toBe(403);
    const shares = await take(custodian, id);
    expect(shares).toHaveLength(3);
    expect(await shownTo(operator, id)).toMatchObject({ operator: false, you: false });
    expect(await shownTo(custodian, id)).toMatchObject({
      ...{ you: true, takenAt: expect.any(String) },
    });
  });

  it('ENC-11: shares that were taken are not voided by anybody’s second ask, and open the tenant', async () => {
    const id = await makeFor(custodian);
    expect((await ask(custodian, id)).status).toBe(204);
    const shares = await take(custodian, id);
    expect((await ask(operator, id)).status).toBe(403);
    expect((await ask(custodian, id)).status).toBe(409);
    // The twin: nothing was made anew meanwhile.
    const opened = await seal(custodian, id, '/open', { shares: shares.slice(0, 2) });
    expect(opened.status).toBe(200);
    await waitForState(appliance, id, 'active');
  });

  it('ENC-11: an operator who is the custodian is shown as such to every member', async () => {
    const id = await makeFor(operator);
    const member = await signInPerson(appliance, { [id]: 'member' });
    expect(await shownTo(member, id)).toMatchObject({ operator: true, you: false });
    const other = await makeFor(custodian);
    const reader = await signInPerson(appliance, { [other]: 'member' });
    expect(await shownTo(reader, other)).toMatchObject({
      operator: false,
      email: emailOf(custodian),
    });
    const { rows } = await appliance.superuser.query<{ after: object }>(
      `select after from control.audit_events where action = 'tenant.create' and tenant_id = any($1)`,
      [[id, other]],
    );
    expect(rows.map(({ after }) => after)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ custodian: operator.auditId, operator: true }),
        expect.objectContaining({ custodian: custodian.auditId, operator: false }),
      ]),
    );
  });

  it('ENC-11: a tenant of this tier is not made without a custodian who is known, nor another with one', async () => {
    const refused = await Promise.all([
      make({}),
      make({ custodian: 'nobody@example.org' }),
      make({ tier: 'standard', custodian: emailOf(custodian) }),
    ]);
    for (const answer of refused) {
      expect([answer.status, answer.text]).toEqual([400, expect.stringContaining('custodian')]);
    }
  });

  it('ENC-11: the database alone takes no ask of somebody else, and none once the shares were taken', async () => {
    const id = await makeFor(custodian);
    const insert = (accountId: string): Promise<unknown> =>
      appliance.contextOf(null, null).inControl((tx) =>
        tx.execute(
          `insert into control.seal_ceremonies (tenant_id, account_id, public_key, shares, threshold)
           values ($1, $2, $3, 3, 2)`,
          [id, accountId, Buffer.from(asking.publicKey, 'base64')],
        ),
      );
    await expect(insert(operator.accountId)).rejects.toThrow(/asked_by_the_custodian/);
    const change = (set: string): Promise<unknown> =>
      appliance
        .contextOf(null, null)
        .inControl((tx) =>
          tx.execute(`update control.seal_custodians set ${set} where tenant_id = $1`, [id]),
        );
    await expect(change(`account_id = '${operator.accountId}'`)).rejects.toThrow(
      /permission denied/,
    );
    await change('taken_at = now()');
    await expect(change('taken_at = null')).rejects.toThrow(/taken already/);
    await expect(insert(custodian.accountId)).rejects.toThrow(/taken already/);
  });
});

function decrypt(key: KeyObject, share: string): string {
  const padding = constants.RSA_PKCS1_OAEP_PADDING;
  const text = Buffer.from(share, 'base64');
  return privateDecrypt({ key, padding, oaepHash: 'sha256' }, text).toString();
}
