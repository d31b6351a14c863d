import { openFleet, type Fleet } from '../fleet/fleet.ts';
import { makeMembers, startTraffic } from '../fleet/traffic.ts';
import { addTenantMigration, runMigrator } from '../fleet/run-migrator.ts';
import { rounded, type Bench } from '../figure.ts';

/** An additive migration of all tenants: idle, and while they are read and written. */
export const migrate: Bench = {
  name: 'migrate',
  title: 'an additive migration: schemas per second, idle and under load',
  run: async ({ report, tenants }) => {
    const fleet = await openFleet(report);
    await fleet.growTo(tenants);
    const idle = await pass(fleet, 'alter table conversations add column bench_idle text;');
    report(`idle: ${idle} schemas a second`);
    const tokens = await makeMembers(fleet, 4);
    const traffic = startTraffic(fleet, tokens);
    await new Promise((done) => setTimeout(done, 2_000));
    const loaded = await pass(fleet, 'alter table conversations add column bench_loaded text;');
    const { requests, failures, seconds, slowest } = await traffic.stop();
    const figure = { unit: 'schemas/s', better: 'higher' as const, reference: null };
    return {
      figures: [
        { ...figure, id: 'migrate.idle', value: idle, target: 1_000 },
        { ...figure, id: 'migrate.loaded', value: loaded, target: 100 },
        {
          id: 'migrate.failures',
          value: failures,
          unit: `of ${requests}`,
          target: 0,
          better: 'lower',
          reference: null,
        },
      ],
      deviations: [
        `under load: ${rounded(requests / seconds, 0)} requests a second over all tenants, a third of them writes, the slowest ${rounded(slowest, 0)} ms`,
        'the members were made in the database, since invitations come with a later release',
      ],
    };
  },
};

async function pass({ appliance, tenantIds }: Fleet, sql: string): Promise<number> {
  await addTenantMigration(appliance, sql);
  const { migrated, failed, seconds } = await runMigrator(appliance);
  if (migrated < tenantIds.length || failed.length > 0)
    throw new Error(`${migrated} tenants were migrated, ${failed.length} failed`);
  return rounded(migrated / seconds, 0);
}
