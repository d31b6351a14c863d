import type pg from 'pg';
import { tenantName } from '../../platform/index.ts';
import { sealTenantSchemas } from '../seal-tenant-schema.ts';
import type { Step } from './find-pending.ts';
import { inOneTransaction } from './in-one-transaction.ts';
import type { Plan } from './migrate.ts';
import { latestOf } from './migrations.ts';
import { tenantScript } from './tenant-script.ts';

/**
 * Migrates some tenants in one transaction, their statements sent without waiting for each answer.
 * Gives how many it brought up to date: some may have been removed, or migrated by another, since
 * the list was made. Their tables stay locked to the end, so a batch is short.
 */
export async function migrateBatch(
  client: pg.Client,
  steps: readonly Step[],
  { plan, lockTimeoutMs }: { plan: Plan; lockTimeoutMs: number },
): Promise<number> {
  const proofs = await plan.proofsOf(steps);
  return inOneTransaction(client, async () => {
    const present = await lockTenants(client, steps, lockTimeoutMs);
    const due = steps
      .map((step, index) => ({ ...step, proof: proofs[index] ?? '' }))
      .filter(({ id }) => present.has(id));
    if (due.length === 0) return 0;
    await Promise.all(due.flatMap((step) => sendScript(client, step, plan)));
    await sealTenantSchemas(
      client,
      due.map(({ id }) => id),
    );
    await client.query(
      'update control.tenants set schema_version = $2 where id = any($1::uuid[])',
      [due.map(({ id }) => id), latestOf(plan.tenant)],
    );
    await client.query('delete from control.migration_failures where tenant_id = any($1::uuid[])', [
      due.map(({ id }) => id),
    ]);
    return due.length;
  });
}

async function lockTenants(
  client: pg.Client,
  steps: readonly Step[],
  lockTimeoutMs: number,
): Promise<Set<string>> {
  const [, { rows }] = await Promise.all([
    client.query(`select set_config('lock_timeout', $1, true)`, [`${lockTimeoutMs}ms`]),
    client.query<{ id: string }>(
      `select tenant.id from control.tenants tenant
       join unnest($1::uuid[], $2::integer[]) as step (id, version)
         on step.id = tenant.id and step.version = tenant.schema_version
       where tenant.state in ('active', 'sealed', 'suspended')
       order by tenant.id for no key update of tenant`,
      [steps.map(({ id }) => id), steps.map(({ version }) => version)],
    ),
  ]);
  return new Set(rows.map(({ id }) => id));
}

/** The proof goes as a bind value, so that no statement text ever holds it. */
function sendScript(
  client: pg.Client,
  step: Step & { proof: string },
  { tenant }: Plan,
): Promise<unknown>[] {
  const due = tenant.filter(({ number }) => number > step.version);
  const path = `"${tenantName(step.id)}", pg_catalog`;
  return [
    client.query(
      `select set_config('search_path', $1, true), set_config('casemate.proof', $2, true)`,
      [path, step.proof],
    ),
    // eslint-disable-next-line casemate/no-string-built-sql -- released files, rendered with names from the allowlist
    client.query(tenantScript(due, step.id)),
  ];
}
