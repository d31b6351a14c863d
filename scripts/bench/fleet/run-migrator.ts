import { writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { getSettings } from '../../../installer/src/instance/settings.ts';
import { resolveLayout } from '../../../installer/src/instance/resolve-layout.ts';
import { runServerProgram } from '../../../installer/src/steps/run-server-program.ts';
import type { BenchAppliance } from '../bench-appliance.ts';

export type MigratorAnswer = { migrated: number; failed: unknown[]; seconds: number };

/** Runs the instance's own migrator, as an upgrade does. */
export async function runMigrator(appliance: BenchAppliance): Promise<MigratorAnswer> {
  const context = await contextOf(appliance);
  return JSON.parse(await runServerProgram(context, 'migrator', ['migrate'])) as MigratorAnswer;
}

let added = 9_000;

/** Puts one more released file beside the instance's migrations of tenants. */
export async function addTenantMigration(appliance: BenchAppliance, sql: string): Promise<void> {
  const { settings } = await contextOf(appliance);
  added += 1;
  const folder = join(String(settings.server?.dir), 'server/migrations/tenant');
  writeFileSync(join(folder, `${added}-bench.sql`), sql);
}

async function contextOf({ dir, instance }: BenchAppliance) {
  const layout = resolveLayout({
    instance,
    dataDir: dir,
    asRoot: process.getuid?.() === 0,
    env: { HOME: homedir() },
  });
  return { layout, settings: await getSettings(layout) };
}
