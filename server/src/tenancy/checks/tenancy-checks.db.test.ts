import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startAppliance, type TestAppliance } from '../../../tests/test-appliance.ts';
import { tenantName, type LiveFinding } from '../../platform/index.ts';
import { dropTenant } from '../delete-tenant.ts';
import { sealTenantSchemas } from '../seal-tenant-schema.ts';
import { tenancyChecks } from './tenancy-checks.ts';

/** A fault in the catalogs, and what mends it. {{a}} and {{b}} are two tenants' names, {{id}} the id of the first. */
type Breach = { control: string; what: string; broken: string; mended: string };

const breaches: readonly Breach[] = [
  {
    control: 'ISO-01',
    what: 'a table of a tenant in the public schema',
    broken: 'create table public.documents_copy (id uuid)',
    mended: 'drop table public.documents_copy',
  },
  {
    control: 'ISO-01',
    what: 'a column for content beside a tenant id',
    broken: 'alter table control.jobs add column payload text',
    mended: 'alter table control.jobs drop column payload',
  },
  {
    control: 'ISO-01',
    what: 'a schema without a tenant',
    broken: 'create schema tenant_00000000000000000000000000000000',
    mended: 'drop schema tenant_00000000000000000000000000000000',
  },
  {
    control: 'ISO-01',
    what: 'a tenant without its schema',
    broken: 'alter schema "{{a}}" rename to elsewhere',
    mended: 'alter schema elsewhere rename to "{{a}}"',
  },
  {
    control: 'ISO-01',
    what: 'a foreign key to another tenant',
    broken:
      'alter table "{{a}}".data_keys add constraint leaves foreign key (version) references "{{b}}".data_keys (version) not valid',
    mended: 'alter table "{{a}}".data_keys drop constraint leaves',
  },
  {
    control: 'ISO-02',
    what: 'a tenant that may use another schema',
    broken: 'grant usage on schema "{{b}}" to "{{a}}"',
    mended: 'revoke usage on schema "{{b}}" from "{{a}}"',
  },
  {
    control: 'ISO-02',
    what: 'a tenant that may read another table',
    broken: 'grant select on "{{b}}".documents to "{{a}}"',
    mended: 'revoke select on "{{b}}".documents from "{{a}}"',
  },
  {
    control: 'ISO-02',
    what: 'a tenant that may create in its schema',
    broken: 'grant create on schema "{{a}}" to "{{a}}"',
    mended: 'revoke create on schema "{{a}}" from "{{a}}"',
  },
  {
    control: 'ISO-02',
    what: 'a tenant that may empty a table',
    broken: 'grant truncate on "{{a}}".documents to "{{a}}"',
    mended: 'revoke truncate on "{{a}}".documents from "{{a}}"',
  },
  {
    control: 'ISO-02',
    what: 'everybody may use a schema',
    broken: 'grant usage on schema "{{a}}" to public',
    mended: 'revoke usage on schema "{{a}}" from public',
  },
  {
    control: 'ISO-02',
    what: 'the login role inherits a tenant',
    broken: 'grant "{{a}}" to casemate_server_0 with inherit true',
    mended: 'grant "{{a}}" to casemate_server_0 with inherit false',
  },
  {
    control: 'ISO-02',
    what: 'the control role may become a tenant',
    broken: 'grant "{{a}}" to casemate_server with inherit false, set true',
    mended: 'revoke "{{a}}" from casemate_server',
  },
  {
    control: 'ISO-02',
    what: 'one tenant is a member of another',
    broken: 'grant "{{b}}" to "{{a}}"',
    mended: 'revoke "{{b}}" from "{{a}}"',
  },
  {
    control: 'ISO-02',
    what: 'a tenant role that escapes row security',
    broken: 'alter role "{{a}}" bypassrls',
    mended: 'alter role "{{a}}" nobypassrls',
  },
  {
    control: 'ISO-03',
    what: 'row security that its owner escapes',
    broken: 'alter table "{{a}}".documents no force row level security',
    mended: 'alter table "{{a}}".documents force row level security',
  },
  {
    control: 'ISO-03',
    what: 'a policy that lets every row through',
    broken: 'create policy open on "{{a}}".documents using (true)',
    mended: 'drop policy open on "{{a}}".documents',
  },
  {
    control: 'ISO-03',
    what: 'a tenant id that may be null',
    broken: 'alter table "{{a}}".documents alter column tenant_id drop not null',
    mended: 'alter table "{{a}}".documents alter column tenant_id set not null',
  },
  {
    control: 'ISO-03',
    what: "a constraint that ties a table to another tenant's id",
    broken:
      'alter table "{{a}}".documents drop constraint documents_tenant_id_check; alter table "{{a}}".documents add constraint documents_tenant_id_check check (tenant_id = \'00000000-0000-7000-8000-000000000001\'::uuid)',
    mended:
      'alter table "{{a}}".documents drop constraint documents_tenant_id_check; alter table "{{a}}".documents add constraint documents_tenant_id_check check (tenant_id = {{id}})',
  },
  {
    control: 'ISO-03',
    what: 'a constraint that lets other ids in as well',
    broken:
      'alter table "{{a}}".documents drop constraint documents_tenant_id_check; alter table "{{a}}".documents add constraint documents_tenant_id_check check (tenant_id = {{id}} or tenant_id is not null)',
    mended:
      'alter table "{{a}}".documents drop constraint documents_tenant_id_check; alter table "{{a}}".documents add constraint documents_tenant_id_check check (tenant_id = {{id}})',
  },
  {
    control: 'ISO-03',
    what: "a table of one person's rows that asks for no account",
    broken: 'alter table "{{a}}".documents add column account_id uuid',
    mended: 'alter table "{{a}}".documents drop column account_id',
  },
  {
    control: 'ISO-08',
    what: 'a schema of a made-up name',
    broken: 'create schema "tenant; drop"',
    mended: 'drop schema "tenant; drop"',
  },
  {
    control: 'ISO-08',
    what: 'a role of a made-up name',
    broken: 'create role "tenant_X"',
    mended: 'drop role "tenant_X"',
  },
];

describe('the live checks of tenancy', () => {
  let appliance: TestAppliance;
  let id: string;
  let a: string;
  let b: string;

  beforeAll(async () => {
    appliance = await startAppliance();
    id = await appliance.makeTenant();
    a = tenantName(id);
    b = tenantName(await appliance.makeTenant());
  });
  afterAll(() => appliance.stop());

  const run = (control: string): Promise<LiveFinding> => {
    const check = tenancyChecks.find((one) => one.control === control);
    if (!check) throw new Error(`no check of ${control}`);
    return check.run(appliance.contextOf(null, null));
  };
  const execute = (text: string): Promise<unknown> =>
    appliance.superuser.query(
      text.replaceAll('{{a}}', a).replaceAll('{{b}}', b).replaceAll('{{id}}', `'${id}'::uuid`),
    );

  // Roles are the whole cluster's: tests that run beside this one have tenants without schemas here.
  it.each(breaches)('$control: finds $what', async ({ control, broken, mended }) => {
    await execute(broken);
    const found = await run(control).finally(() => execute(mended));
    expect(found.status).toBe('fail');
    expect(await run(control)).toMatchObject({ status: 'pass' });
  });

  it('ISO-03: says nothing of a tenant that is being made or removed, and finds it once it opens', async () => {
    for (const state of ['provisioning', 'dropping']) {
      await execute('alter table "{{a}}".documents no force row level security');
      await execute(`update control.tenants set state = '${state}' where id = {{id}}`);
      const closed = await run('ISO-03');
      await execute(`update control.tenants set state = 'suspended' where id = {{id}}`);
      const opened = await run('ISO-03');
      await execute('alter table "{{a}}".documents force row level security');
      await execute(`update control.tenants set state = 'active' where id = {{id}}`);
      expect([closed.status, opened.status]).toEqual(['pass', 'fail']);
    }
  });

  it('ISO-03: holds while tenants come and go', async () => {
    const control = appliance.contextOf(null, null);
    const going = (async (): Promise<void> => {
      for (let n = 0; n < 3; n += 1) await dropTenant(control, await appliance.makeTenant());
    })();
    let busy = true;
    going.finally(() => (busy = false)).catch(() => undefined);
    while (busy)
      for (const name of ['ISO-01', 'ISO-02', 'ISO-03', 'ISO-08'])
        expect(await run(name)).toMatchObject({ status: 'pass' });
    await going;
  });

  // The migrator and the provisioner ask about the schemas that they changed, found another way.
  it.each(breaches.filter(({ control }) => control === 'ISO-03'))(
    'ISO-10: a schema by its name is refused for $what',
    async ({ broken, mended }) => {
      const client = await appliance.superuser.connect();
      try {
        await execute(broken);
        const refused = sealTenantSchemas(client, [id]).finally(() => execute(mended));
        await expect(refused).rejects.toThrow(/unsafe tenant schema/);
        await expect(sealTenantSchemas(client, [id])).resolves.toBeUndefined();
      } finally {
        client.release();
      }
    },
  );

  it.each(['ISO-01', 'ISO-02', 'ISO-03', 'ISO-08'])('%s: holds as it is', async (control) => {
    const found = await run(control);
    expect(found.status).toBe('pass');
    expect(found.evidence).toMatch(/^[2-5] tenants’ schemas, no fault$/);
  });
});
