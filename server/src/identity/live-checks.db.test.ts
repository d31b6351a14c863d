import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startAppliance, type TestAppliance } from '../../tests/test-appliance.ts';
import { acceptRows, identityChecks } from './index.ts';

describe('the live checks of accounts', () => {
  let appliance: TestAppliance;
  const run = (control: string) =>
    identityChecks.find((check) => check.control === control)?.run(appliance.contextOf(null, null));
  const put = (hash: string) =>
    appliance.superuser.query('update control.accounts set password_hash = $1', [hash]);
  const setHash = async (hash: string) => {
    await put(hash);
    await acceptRows(appliance.contextOf(null, null), null);
  };
  const bcrypt = (cost: string): string => `$2b$${cost}$${'a'.repeat(53)}`;

  beforeAll(async () => {
    appliance = await startAppliance();
    await appliance.makePerson();
    await appliance.makeTenant();
  });
  afterAll(() => appliance.stop());

  it.each([
    ['a lower cost', bcrypt('11')],
    ['clear text', 'correct horse battery staple'],
    ['another hash', '5f4dcc3b5aa765d61d8327deb882cf99'],
    ['a hash cut short', bcrypt('12').slice(0, 40)],
  ])('AUT-01: fails with %s', async (_what, hash) => {
    await setHash(hash);
    expect(await run('AUT-01')).toMatchObject({ status: 'fail' });
  });

  it.each(['12', '14'])('AUT-01: passes with bcrypt of cost %s', async (cost) => {
    await setHash(bcrypt(cost));
    expect(await run('AUT-01')).toEqual({
      status: 'pass',
      evidence:
        '1 passwords are bcrypt of cost 12 or more, and the server wrote every account and membership.',
    });
  });

  it('AUT-01: fails with a sound hash that the server did not write', async () => {
    await setHash(bcrypt('12'));
    await put(bcrypt('13'));
    expect(await run('AUT-01')).toMatchObject({
      status: 'fail',
      evidence: expect.stringContaining('1 accounts and 0 memberships were not written'),
    });
  });

  it.each([
    [
      'the log',
      'alter table control.audit_events add column actor_email text',
      'alter table control.audit_events drop column actor_email',
    ],
    [
      'a view',
      'create view control.people as select email from control.accounts',
      'drop view control.people',
    ],
    [
      'a waiting invitation',
      "insert into control.setup_links (hash, kind, email, expires_at) values ('\\x00', 'invitation', 'a@b.c', now())",
      'delete from control.setup_links',
    ],
  ])('PII-02: fails with an address in %s', async (_what, statement, back) => {
    await appliance.superuser.query(statement);
    const found = await run('PII-02');
    await appliance.superuser.query(back);
    expect(found).toMatchObject({ status: 'fail' });
  });

  it('PII-02: passes on the tables as the migrations make them', async () => {
    expect(await run('PII-02')).toMatchObject({ status: 'pass' });
  });
});
