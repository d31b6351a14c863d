import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startAppliance, type Person, type TestAppliance } from '../../tests/test-appliance.ts';
import { JobRefused, newId, type Job, type TenantJob } from '../platform/index.ts';
import { bindJobHandlers } from './job-handlers.ts';

describe('a job that runs', () => {
  let appliance: TestAppliance;
  let a: string;
  let b: string;
  let admin: Person;
  let member: Person;
  let stranger: Person;
  const ran: (string | null)[] = [];
  const kinds: Record<string, Omit<TenantJob, 'run'>> = {
    'test.write': { permission: 'documents.write', bySystem: false },
    'test.keep': { permission: null, bySystem: true },
  };

  beforeAll(async () => {
    appliance = await startAppliance();
    [a, b] = await Promise.all([appliance.makeTenant(), appliance.makeTenant()]);
    admin = await appliance.makePerson({ [a]: 'admin' });
    member = await appliance.makePerson({ [a]: 'member' });
    stranger = await appliance.makePerson({ [b]: 'admin' });
  });
  afterAll(() => appliance.stop());

  const run = (job: Pick<Job, 'kind' | 'tenantId' | 'accountId'>): Promise<void> => {
    const jobs = Object.fromEntries(
      Object.entries(kinds).map(([kind, rule]): [string, TenantJob] => [
        kind,
        {
          ...rule,
          run: (ctx) => {
            ran.push(ctx.tenantId);
            return Promise.resolve();
          },
        },
      ]),
    );
    const handler = bindJobHandlers(appliance.parts, () => undefined, jobs)[job.kind];
    const whole: Job = {
      ...job,
      id: newId(),
      queue: 'work',
      subjectId: newId(),
      claim: 1,
      attempt: 1,
      maxAttempts: 5,
    };
    return (
      handler?.(whole, new AbortController().signal) ?? Promise.reject(new Error('no handler'))
    );
  };
  const write = (tenantId: string | null, who: Person | null): Promise<void> =>
    run({ kind: 'test.write', tenantId, accountId: who?.accountId ?? null });
  const refused = async (tenantId: string | null, who: Person | null): Promise<void> => {
    const before = ran.length;
    await expect(write(tenantId, who)).rejects.toThrow(JobRefused);
    expect(ran).toHaveLength(before);
  };

  it('ISO-06: is refused without a tenant', () => refused(null, admin));

  it("ISO-06: is refused for another tenant's administrator, and for who may not write", async () => {
    for (const who of [stranger, member, null]) await refused(a, who);
  });

  it('ISO-06: is refused once its person was deactivated or has left, and written down', async () => {
    const leaver = await appliance.makePerson({ [a]: 'admin' });
    await write(a, leaver);
    await appliance.superuser.query('delete from control.memberships where account_id = $1', [
      leaver.accountId,
    ]);
    await refused(a, leaver);
    const gone = await appliance.makePerson({ [a]: 'admin' });
    await appliance.superuser.query(
      `update control.accounts set state = 'deactivated' where id = $1`,
      [gone.accountId],
    );
    await refused(a, gone);
    const { rows } = await appliance.superuser.query(
      `select from control.audit_events where action = 'job.refuse' and tenant_id = $1`,
      [a],
    );
    expect(rows.length).toBeGreaterThan(1);
  });

  it('ISO-06: is refused while its tenant is suspended', async () => {
    const closed = await appliance.makeTenant();
    const owner = await appliance.makePerson({ [closed]: 'admin' });
    await appliance.superuser.query(
      `update control.tenants set state = 'suspended' where id = $1`,
      [closed],
    );
    await expect(write(closed, owner)).rejects.toThrow(/suspended/);
    expect(ran).not.toContain(closed);
  });

  it('ISO-06: is refused to a person where only the system may ask', async () => {
    const kept = run({ kind: 'test.keep', tenantId: a, accountId: admin.accountId });
    await expect(kept).rejects.toThrow(JobRefused);
    await run({ kind: 'test.keep', tenantId: a, accountId: null });
    expect(ran.at(-1)).toBe(a);
  });

  it("ISO-06: runs in its own tenant's scope for who may", async () => {
    await write(a, admin);
    expect(ran.at(-1)).toBe(a);
    await write(b, stranger);
    expect(ran.at(-1)).toBe(b);
  });
});
