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
    const { identity } = appliance.parts;
    await acceptRows(appliance.contextOf(null, null), identity, { email: null, factors: null });
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
        '1 passwords are bcrypt of cost 12 or more, and the server wrote every account, membership and row that decides about rights.',
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

  it('AUT-01: fails with a row of another kind that the server did not write, whichever', async () => {
    await setHash(bcrypt('12'));
    const tenant = await appliance.makeTenant();
    const { accountId } = await appliance.makePerson({ [tenant]: 'member' });
    await setHash(bcrypt('12'));
    const [seal, id] = [`sha256('x')`, 'gen_random_uuid()'];
    const forged: [string, string, string][] = [
      ['group', 'groups', `(id, tenant_id, name, seal) values (${id}, $1, 'Board', ${seal})`],
      [
        'custom role',
        'custom_roles',
        `(id, tenant_id, name, permissions, seal) values (${id}, $1, 'All', '{x}', ${seal})`,
      ],
      ['feature levels', 'feature_levels', `(tenant_id, minimum, seal) values ($1, '{}', ${seal})`],
      [
        'rule of second factors',
        'factor_rules',
        `(tenant_id, everyone, seal) values ($1, false, ${seal})`,
      ],
      [
        'rules of sign-in',
        'sign_in_rules',
        `(tenant_id, sso_only, seal) values ($1, false, ${seal})`,
      ],
      [
        'connection',
        'connections',
        `(id, tenant_id, kind, name, state, settings, domains, mappings, just_in_time, seal)
         values (${id}, $1, 'oidc', 'Thief', 'active', '{}', '{}', '[]', true, ${seal})`,
      ],
      [
        'e-mail domain',
        'email_domains',
        `(id, tenant_id, domain, challenge, proven_at, proven_by, seal)
         values (${id}, $1, 'stolen.example', repeat('x', 43), now(), 'dns', ${seal})`,
      ],
      [
        'directory user',
        'directory_users',
        `(id, tenant_id, user_name, attributes, active, owned, seal)
         values (${id}, $1, 'eve', '{}', true, true, ${seal})`,
      ],
      [
        'invitation',
        'invitations',
        `(id, tenant_id, account_id, role, expires_at, seal)
         values (${id}, $1, '${accountId}', 'admin', now() + interval '1 day', ${seal})`,
      ],
    ];
    for (const [kind, table, row] of forged) {
      await appliance.superuser.query(`insert into control.${table} ${row}`, [tenant]);
      const found = await run('AUT-01');
      await appliance.superuser.query(`delete from control.${table} where tenant_id = $1`, [
        tenant,
      ]);
      expect(found).toMatchObject({
        status: 'fail',
        evidence: expect.stringContaining(`1 of the kind “${kind}”`),
      });
    }
    // The twin: without them nothing is amiss.
    expect(await run('AUT-01')).toMatchObject({ status: 'pass' });
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
