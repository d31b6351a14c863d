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
const BATCH = 50;
const WORKERS = 3;
/** A backend keeps what it learned of every table it changed. */
const TENANTS_PER_CONNECTION = 500;
/** Whoever waits for a table makes its readers wait behind: briefly first, longer in later rounds. */
const LOCK_TIMEOUTS_MS = [100, 250, 500, 1_000, 2_000, 5_000];
/** lock_not_available, deadlock_detected, serialization_failure: another try may have better luck. */
const BUSY: ReadonlySet<string> = new Set(['55P03', '40P01', '40001']);
/** The connection is lost or the server stops: no tenant's fault, and the end of this pass. */
const LOST = /^(08|57P0[1-3]|ECONN|EPIPE)/;

/**
 * Migrates tenants in batches on several connections. A batch that fails is tried again in halves,
 * down to the tenant that fails, which is recorded and left; one whose tables are in use is tried
 * again in later rounds. Throws only when the database is lost.
 */
export async function migrateTenants(pass: Pass): Promise<{ done: number; failed: Failure[] }> {
  let { steps } = pass;
  let done = 0;
  const failed: Failure[] = [];
  for (const [index, lockTimeoutMs] of LOCK_TIMEOUTS_MS.entries()) {
    if (steps.length === 0) break;
    await pause(index === 0 ? 0 : Math.random() * lockTimeoutMs);
    const rounds = await runRound({ ...pass, steps, lockTimeoutMs });
    done += rounds.reduce((sum, round) => sum + round.done, 0);
    failed.push(...rounds.flatMap((round) => round.failed));
    steps = rounds.flatMap(({ postponed }) => postponed);
  }
  failed.push(...steps.map(({ id }) => ({ tenantId: id, error: 'its tables stayed in use' })));
  await recordFailures(pass.client, failed);
  for (const failure of failed) pass.log.error('a tenant could not be migrated', { ...failure });
  return { done, failed };
}

type Trying = Pass & { lockTimeoutMs: number };

function runRound(trying: Trying): Promise<Round[]> {
  const { steps, plan } = trying;
  const workers = plan.connect ? (plan.workers ?? WORKERS) : 1;
  const size = Math.min(plan.batch ?? BATCH, Math.ceil(steps.length / workers));
  const batches = Array.from({ length: Math.ceil(steps.length / size) }, (_, index) =>
    steps.slice(index * size, (index + 1) * size),
  );
  let made = 0;
  const work = async (): Promise<Round> => {
    const round: Round = { done: 0, failed: [], postponed: [] };
    const connection = createConnection(trying);
    try {
      for (let batch = batches.shift(); batch; batch = batches.shift()) {
        await tryBatch(await connection.for(batch.length), batch, { trying, round });
        made += batch.length;
        if (made % 1_000 < size) trying.log.info('tenants migrated', { of: steps.length, made });
      }
    } finally {
      await connection.end();
    }
    return round;
  };
  return Promise.all(Array.from({ length: Math.min(workers, batches.length) }, work));
}

/** One connection after another, each for so many tenants; where no more can be made, the one at hand. */
function createConnection({ client, plan }: Pass): {
  for(tenants: number): Promise<pg.Client>;
  end(): Promise<void>;
} {
  let own: pg.Client | undefined;
  let touched = 0;
  const end = async (): Promise<void> => {
    await own?.end();
    own = undefined;
    touched = 0;
  };
  return {
    for: async (tenants) => {
      if (!plan.connect) return client;
      if (touched + tenants > TENANTS_PER_CONNECTION) await end();
      touched += tenants;
      own ??= await plan.connect();
      return own;
    },
    end,
  };
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
    const half = Math.ceil(batch.length / 2);
    if (batch.length > 1)
      for (const part of [batch.slice(0, half), batch.slice(half)])
        await tryBatch(client, part, { trying, round });
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
