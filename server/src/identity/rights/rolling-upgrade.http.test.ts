import bcrypt from 'bcrypt';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../../../tests/sealed-tenant.ts';
import { startAppliance, type TestAppliance } from '../../../tests/test-appliance.ts';
import { startServer, type TestServer } from '../../../tests/test-server.ts';
import { newId } from '../../platform/index.ts';
import { adoptRows, startAdopting } from '../index.ts';

const PASSWORD = 'Correct-horse-7';

/** `helm upgrade` from a version without seals: its pods write on until the last of them is replaced. */
describe('rights that programs of the version before write beside this one', () => {
  let appliance: TestAppliance;
  let server: TestServer;
  let hash: string;

  beforeAll(async () => {
    appliance = await startAppliance({
      CASEMATE_ADOPTION_MINUTES: 30,
      CASEMATE_ANONYMOUS_PER_MINUTE: 10_000,
    });
    hash = await bcrypt.hash(PASSWORD, 12);
    await writeAsBefore('before@example.invalid');
    server = await startServer(appliance.config);
  });
  afterAll(async () => {
    await server.stop();
    await appliance.stop();
  });

  /** As a program of the version before writes an account: it knows no seal. */
  async function writeAsBefore(email: string): Promise<void> {
    await appliance.superuser.query(
      `insert into control.accounts (id, audit_id, email, name, password_hash)
       values ($1, $2, $3, 'Before', $4)`,
      [newId(), newId(), email, hash],
    );
  }
  const signIn = async (email: string): Promise<number> =>
    (await server.ask('POST', '/api/session', { json: { email, password: PASSWORD } })).status;
  /** The superuser alone can turn the clock of that time; the trigger stops everybody else. */
  const move = (until: string): Promise<unknown> =>
    appliance.superuser.query(
      `alter table control.sealed_rights disable trigger keep_adopted;
       update control.sealed_rights set adopting_until = ${until};
       alter table control.sealed_rights enable trigger keep_adopted`,
    );

  it('AUT-01: nobody moves the end of that time, or begins it with one that is far away', async () => {
    const asServer = async (change: string): Promise<unknown> => {
      const client = await appliance.superuser.connect();
      try {
        await client.query('begin');
        await client.query('set local role casemate_server');
        return await client.query(change);
      } finally {
        await client.query('rollback');
        client.release();
      }
    };
    const far = `now() + interval '1 year'`;
    for (const value of [far, 'null', `now() + interval '2 minutes'`])
      await expect(
        asServer(`update control.sealed_rights set adopting_until = ${value}`),
      ).rejects.toMatchObject({ code: '42501' });
    const other = await startAppliance({}, { programs: 'none' });
    const client = await other.superuser.connect();
    try {
      await client.query('set role casemate_server');
      await expect(
        client.query(
          `update control.sealed_rights set adopted_at = ${far}, adopting_until = ${far}`,
        ),
      ).rejects.toMatchObject({ code: '42501' });
      // Nor does a false beginning move the end: the database writes down its own time.
      const { rows } = await client.query(
        `update control.sealed_rights set adopted_at = ${far} returning adopted_at <= now() as now`,
      );
      expect(rows).toEqual([{ now: true }]);
    } finally {
      await client.query('reset role');
      client.release();
      await other.stop();
    }
  });

  it('AUT-01: a new database has no programs before it, and so no such time', async () => {
    const fresh = await startAppliance({ CASEMATE_ADOPTION_MINUTES: 30 }, { programs: 'none' });
    try {
      await adoptRows(fresh.parts.platform);
      const { rows } = await fresh.superuser.query(
        'select adopting_until > now() as open from control.sealed_rights',
      );
      expect(rows).toEqual([{ open: false }]);
    } finally {
      await fresh.stop();
    }
  });

  it('AUT-01: what they write is taken within seconds, and the audit log says how much', async () => {
    expect(await signIn('before@example.invalid')).toBe(201);
    await writeAsBefore('beside@example.invalid');
    // Not by signing in: some refusals would lock the address.
    await eventually(async () => {
      const { rowCount } = await appliance.superuser.query(
        `select from control.accounts where email = 'beside@example.invalid' and seal is not null`,
      );
      return rowCount ? true : undefined;
    });
    expect(await signIn('beside@example.invalid')).toBe(201);
    const { rows } = await appliance.superuser.query<{ n: number }>(
      `select count(*)::int as n from control.audit_events where action = 'rights.adopt'`,
    );
    expect(rows[0]?.n).toBe(2);
  });

  it('AUT-01: a seal that is wrong is not taken, however early', async () => {
    await writeAsBefore('forged@example.invalid');
    await appliance.superuser.query(
      `update control.accounts set seal = sha256('x') where email = 'forged@example.invalid'`,
    );
    await adoptRows(appliance.parts.platform);
    expect(await signIn('forged@example.invalid')).toBe(401);
  });

  it('AUT-01: after that time nothing is taken any more, by a program that starts either', async () => {
    await move('now()');
    await writeAsBefore('late@example.invalid');
    await adoptRows(appliance.parts.platform);
    const keeper = startAdopting(appliance.parts.platform, 20);
    await new Promise((resolve) => setTimeout(resolve, 500));
    await keeper.stop();
    expect(await signIn('late@example.invalid')).toBe(401);
    expect(await signIn('beside@example.invalid')).toBe(201);
  });
});
