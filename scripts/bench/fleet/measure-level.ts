import type pg from 'pg';
import {
  listMisplaced,
  listOddNames,
  listRoleFaults,
} from '../../../server/src/tenancy/checks/catalog.ts';
import { listUnsafeTables } from '../../../server/src/tenancy/seal-tenant-schema.ts';
import { tenantName, type ControlTx } from '../../../server/src/platform/index.ts';
import { percentile, rounded } from '../figure.ts';
import { memoryOf, watchBackends } from './backend-memory.ts';
import { makeBucketLogin } from './bucket-login.ts';
import type { Level } from './draw-growth.ts';
import type { Fleet } from './fleet.ts';
import { runMigrator } from './run-migrator.ts';

const CONNECTIONS = 7;
const REQUESTS = 300;

/** One point of the curve: everything that could grow with the number of tenants. */
export async function measureLevel(
  fleet: Fleet,
  token: string,
): Promise<Omit<Level, 'tenants' | 'provisionMs'>> {
  const { appliance, database, tenantIds } = fleet;
  const watch = watchBackends(database);
  const lightMs = await timeOf(REQUESTS, (n) =>
    appliance.api('GET', `/api/tenants/${String(tenantIds[n % tenantIds.length])}/conversations`, {
      token,
    }),
  );
  const listMs = await timeOf(30, () =>
    appliance.api('GET', '/api/tenants?limit=50', { token: appliance.adminToken }),
  );
  const passes = [];
  for (let run = 0; run < 3; run += 1) passes.push((await runMigrator(appliance)).seconds);
  const began = performance.now();
  const checker = await appliance.superuser();
  await runChecks(checker);
  const checksSeconds = rounded((performance.now() - began) / 1_000);
  const checkMb = rounded(memoryOf(await pidOf(checker)), 1);
  await checker.end();
  const backends = watch.stop();
  return {
    lightMs,
    listMs,
    backendMb: rounded(Math.max(backends.highest, checkMb), 1),
    backends: `${backends.text}, live checks ${checkMb} MB`,
    setRoleMs: await firstSetRole(fleet),
    noopSeconds: rounded(percentile(passes, 0.5), 3),
    checksSeconds,
    ...(await sizesOf(database, tenantIds.length)),
  };
}

async function pidOf(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  return rows[0]?.pid ?? 0;
}

async function timeOf(count: number, once: (n: number) => Promise<unknown>): Promise<number> {
  const samples: number[] = [];
  for (let n = 0; n < count; n += 1) {
    const sent = performance.now();
    await once(n);
    samples.push(performance.now() - sent);
  }
  return rounded(percentile(samples, 0.5));
}

/** The live checks of the room, as the superuser of the same catalogs. */
async function runChecks(database: pg.Client): Promise<void> {
  const query = async (text: string, values: readonly unknown[] = []): Promise<unknown[]> => {
    const { rows } = await database.query<Record<string, unknown>>(text, [...values]);
    return rows;
  };
  const tx = { query } as unknown as ControlTx;
  await listMisplaced(tx, []);
  await listRoleFaults(tx);
  await listOddNames(tx);
  await listUnsafeTables(tx);
}

async function firstSetRole(fleet: Fleet): Promise<number> {
  const login = await makeBucketLogin(fleet);
  const name = tenantName(fleet.tenantIds[0] ?? '');
  const samples: number[] = [];
  for (let made = 0; made < CONNECTIONS; made += 1) {
    const client = await login.connect();
    await client.query('select 1');
    const sent = performance.now();
    await client.query(`set role "${name}"`);
    samples.push(performance.now() - sent);
    await client.end();
  }
  await login.remove();
  return rounded(percentile(samples, 0.5));
}

async function sizesOf(
  database: pg.Client,
  tenants: number,
): Promise<Pick<Level, 'catalogKb' | 'files'>> {
  const { rows } = await database.query<{ catalog: string; files: string }>(
    `select (select sum(pg_total_relation_size(class.oid)) from pg_class class
             where class.relnamespace = 'pg_catalog'::regnamespace and class.relkind = 'r') as catalog,
            (select count(*) from pg_class class join pg_namespace space on space.oid = class.relnamespace
             where class.relfilenode <> 0 and (space.nspname ~ '^tenant_' or space.nspname = 'pg_toast')) as files`,
  );
  return {
    catalogKb: rounded(Number(rows[0]?.catalog) / 1_024 / tenants, 0),
    files: rounded(Number(rows[0]?.files) / tenants, 0),
  };
}
