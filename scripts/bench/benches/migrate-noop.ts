import { openFleet } from '../fleet/fleet.ts';
import { runMigrator } from '../fleet/run-migrator.ts';
import { percentile, rounded, type Bench } from '../figure.ts';

const RUNS = 5;

/** A pass of the migrator that has nothing to do. */
export const migrateNoop: Bench = {
  name: 'migrate-noop',
  title: 'a migration pass with nothing to do over all schemas',
  run: async ({ report, tenants }) => {
    const fleet = await openFleet(report);
    await fleet.growTo(tenants);
    const passes: number[] = [];
    const whole: number[] = [];
    for (let run = 0; run < RUNS; run += 1) {
      const started = performance.now();
      passes.push((await runMigrator(fleet.appliance)).seconds);
      whole.push((performance.now() - started) / 1000);
    }
    return {
      figures: [
        {
          id: 'migrate-noop',
          value: rounded(percentile(passes, 0.5), 3),
          unit: `s for ${fleet.tenantIds.length}`,
          target: fleet.tenantIds.length > 5_000 ? 1 : 0.1,
          better: 'lower',
          reference: 720,
        },
      ],
      deviations: [
        `the pass alone; with the start of the program and its sign-in to the key service ${rounded(percentile(whole, 0.5))} s`,
      ],
    };
  },
};
