import type pg from 'pg';
import type { Log } from '../../platform/index.ts';
import { inOneTransaction } from './in-one-transaction.ts';
import { findPending, type Pending, type Step } from './find-pending.ts';
import { migrateTenants, type Failure } from './migrate-tenants.ts';
import type { Migration } from './migrations.ts';

export type Plan = {
  control: readonly Migration[];
  tenant: readonly Migration[];
  /** Proofs of tenants, in their order: under forced row security a backfill without one changes nothing. */
  proofsOf: (tenants: readonly Step[]) => Promise<string[]>;
  /** Connections of the migrator for the tenants; without it the one at hand does all. */
  connect?: () => Promise<pg.Client>;
  /** How many connections work on tenants at once. */
  workers?: number;
  /** How many tenants share a transaction, at most. */
  batch?: number;
};

export type Migrated = { control: string[]; tenants: number; failed: Failure[] };

export const MIGRATION_LOCK = 4201;

/**
 * Brings the control schema and every tenant schema to this version, as the migrator. Can be stopped
 * and run again at any point. A tenant whose migration fails keeps its version, is recorded and
 * reported, and doesn't stop the others. Throws when a file that already ran has changed since:
 * released migrations are never edited.
 */
export async function migrate(client: pg.Client, plan: Plan, log: Log): Promise<Migrated> {
  await client.query(`set lock_timeout = '5s'`);
  await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
  try {
    const pending = await findPending(client, plan);
    if (isNothing(pending)) return { control: [], tenants: 0, failed: [] };
    for (const file of pending.control) {
      await inOneTransaction(client, async () => {
        // eslint-disable-next-line casemate/no-string-built-sql -- a released file, without placeholders
        await client.query(file.sql);
        await note(client, file);
      });
      log.info('migration applied', { migration: file.name });
    }
    for (const file of pending.tenantFiles) await note(client, file);
    // Which tenants there are is known for sure once the control schema is this version's.
    const { tenants } =
      pending.control.length > 0 ? await findPending(client, plan) : { tenants: pending.tenants };
    const { done, failed } = await migrateTenants({ client, plan, steps: tenants, log });
    return { control: pending.control.map(({ name }) => name), tenants: done, failed };
  } finally {
    await client.query('select pg_advisory_unlock($1)', [MIGRATION_LOCK]);
  }
}

function isNothing({ control, tenantFiles, tenants }: Pending): boolean {
  return control.length + tenantFiles.length + tenants.length === 0;
}

async function note(client: pg.Client, file: Migration): Promise<void> {
  await client.query('insert into control.migrations (name, checksum) values ($1, $2)', [
    file.name,
    file.checksum,
  ]);
}
