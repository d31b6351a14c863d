import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import type { Log } from '../../platform/index.ts';
import type { Step } from './find-pending.ts';
import { migrateBatch } from './migrate-batch.ts';
import type { Plan } from './migrate.ts';

export type Failure = { tenantId: string; error: string };

type Pass = { client: pg.Client; plan: Plan; steps: readonly Step[]; log: Log };
type Round = { done: number; failed: Failure[]; postponed: Step[] };

/** So many tenants share a transaction: a commit is dear, and their tables are locked until it. */
const BATCH = 20;
const WORKERS = 3;
/** Whoever waits for a table makes its readers wait behind: briefly first, longer in later rounds. */
const LOCK_TIMEOUTS_MS = [100, 250, 500, 1_000, 2_000, 5_000];
/** lock_not_available, deadlock_detected, serialization_failure: another try may have better luck. */
const BUSY: ReadonlySet<string> = new Set(['55P03', '40P01', '40001']);
/** The connection is lost or the server stops: no tenant's fault, and the end of this pass. */
const LOST = /^(08|57P0[1-3]|ECONN|EPIPE)/;

/**
 * Migrates tenants in batches on several connections. A batch that fails is tried tenant by tenant;
 * one whose tables are in use is tried again in later rounds; one that fails is recorded and left.
 * Throws only when the database is lost.
 */
export async function migrateTenants(pass: Pass): Promise<{ done: number; failed: Failure[] }> {
  let { steps } = pass;
  let done = 0;
  const failed: Failure[] = [];
  const clients = await openClients(pass);
  try {
    for (const [index, lockTimeoutMs] of LOCK_TIMEOUTS_MS.entries()) {
      if (steps.length === 0) break;
      await pause(index === 0 ? 0 : Math.random() * lockTimeoutMs);
      const rounds = await runRound(clients, steps, { ...pass, lockTimeoutMs });
      done += rounds.reduce((sum, round) => sum + round.done, 0);
      failed.push(...rounds.flatMap((round) => round.failed));
      steps = rounds.flatMap(({ postponed }) => postponed);
    }
  } finally {
    await Promise.all(clients.filter((client) => client !== pass.client).map((c) => c.end()));
  }
  failed.push(...steps.map(({ id }) => ({ tenantId: id, error: 'its tables stayed in use' })));
  await recordFailures(pass.client, failed);
  for (const failure of failed) pass.log.error('a tenant could not be migrated', { ...failure });
  return { done, failed };
}

async function openClients({ client, plan, steps }: Pass): Promise<pg.Client[]> {
  const wanted = Math.min(plan.workers ?? WORKERS, Math.ceil(steps.length / BATCH)) - 1;
  const { connect } = plan;
  if (!connect || wanted < 1) return [client];
  const more = await Promise.all(Array.from({ length: wanted }, () => connect()));
  return [client, ...more];
}

type Trying = Pass & { lockTimeoutMs: number };

function runRound(
  clients: readonly pg.Client[],
  steps: readonly Step[],
  trying: Trying,
): Promise<Round[]> {
  const batches = Array.from({ length: Math.ceil(steps.length / BATCH) }, (_, index) =>
    steps.slice(index * BATCH, (index + 1) * BATCH),
  );
  let made = 0;
  const work = async (client: pg.Client): Promise<Round> => {
    const round: Round = { done: 0, failed: [], postponed: [] };
    for (let batch = batches.shift(); batch; batch = batches.shift()) {
      await tryBatch(client, batch, { trying, round });
      made += batch.length;
      if (made % 1_000 < BATCH) trying.log.info('tenants migrated', { of: steps.length, made });
    }
    return round;
  };
  return Promise.all(clients.map(work));
}

async function tryBatch(
  client: pg.Client,
  batch: readonly Step[],
  { trying, round }: { trying: Trying; round: Round },
): Promise<void> {
  try {
    round.done += await migrateBatch(client, batch, trying);
  } catch (error) {
    const { code = '', message } = error as { code?: string; message: string };
    if (LOST.test(code) || !isAlive(client)) throw error;
    const [step] = batch;
    if (batch.length > 1) for (const one of batch) await tryBatch(client, [one], { trying, round });
    else if (step && BUSY.has(code)) round.postponed.push(step);
    else if (step) round.failed.push({ tenantId: step.id, error: message });
  }
}

function isAlive(client: pg.Client): boolean {
  return !(client as unknown as { _ending?: boolean })._ending;
}

async function recordFailures(client: pg.Client, failed: readonly Failure[]): Promise<void> {
  if (failed.length === 0) return;
  await client.query(
    `insert into control.migration_failures (tenant_id, error)
     select * from unnest($1::uuid[], $2::text[])
     on conflict (tenant_id) do update
     set error = excluded.error, failed_at = now(), attempts = migration_failures.attempts + 1`,
    [failed.map(({ tenantId }) => tenantId), failed.map(({ error }) => error.slice(0, 500))],
  );
}
