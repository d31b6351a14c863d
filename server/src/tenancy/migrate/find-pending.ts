import type pg from 'pg';
import type { Plan } from './migrate.ts';
import type { Tier } from '../seal/tiers.ts';
import { latestOf, type Migration } from './migrations.ts';

export type Step = {
  id: string;
  epoch: number;
  version: number;
  tier: Tier;
  /** Its tables can be changed, its rows not: nobody can make its proof. */
  sealed: boolean;
};

export type Pending = {
  control: readonly Migration[];
  /** Files of tenant migrations that this database sees for the first time. */
  tenantFiles: readonly Migration[];
  tenants: readonly Step[];
};

const MAKE_LIST = `create schema if not exists control;
  create table if not exists control.migrations (
    name text primary key, checksum text not null, applied_at timestamptz not null default now())`;

/** What a run would do. With nothing to do this is two queries, whatever the number of tenants. */
export async function findPending(client: pg.Client, plan: Plan): Promise<Pending> {
  const { rows } = await client.query<{ list: boolean; tenants: boolean }>(
    `select to_regclass('control.migrations') is not null as list,
            to_regclass('control.tenants') is not null as tenants`,
  );
  if (!rows[0]?.list) await client.query(MAKE_LIST);
  const { control, tenantFiles } = await pendingFiles(client, plan);
  const tenants = rows[0]?.tenants ? await pendingTenants(client, latestOf(plan.tenant)) : [];
  return { control, tenantFiles, tenants };
}

async function pendingFiles(
  client: pg.Client,
  { control, tenant }: Plan,
): Promise<Pick<Pending, 'control' | 'tenantFiles'>> {
  const { rows } = await client.query<{ name: string; checksum: string }>(
    'select name, checksum from control.migrations',
  );
  const applied = new Map(rows.map(({ name, checksum }) => [name, checksum]));
  const ofTenants = tenant.map((file) => ({ ...file, name: `tenant/${file.name}` }));
  for (const { name, checksum } of [...control, ...ofTenants])
    if (applied.has(name) && applied.get(name) !== checksum)
      throw new Error(`migration ${name} was changed after it ran; add a new one instead`);
  const isNew = ({ name }: Migration): boolean => !applied.has(name);
  const tenantFiles = ofTenants.filter(isNew);
  // Schemas know their version as one number: a file that comes in behind it would never run.
  const seen = ofTenants.filter((file) => !isNew(file)).at(-1)?.number ?? 0;
  const late = tenantFiles.find(({ number }) => number < seen);
  if (late) throw new Error(`migration ${late.name} stands behind one that already ran`);
  return { control: control.filter(isNew), tenantFiles };
}

async function pendingTenants(client: pg.Client, latest: number): Promise<Step[]> {
  const { rows } = await client.query<Step>(
    `select tenant.id, tenant.epoch, tenant.schema_version as version,
       coalesce(to_jsonb(tenant) ->> 'tier', 'standard') as tier,
       to_jsonb(tenant) ->> 'sealed_at' is not null as sealed
     from control.tenants tenant
     where tenant.state in ('active', 'sealed', 'suspended') and tenant.schema_version < $1 order by tenant.id`,
    [latest],
  );
  return rows;
}
