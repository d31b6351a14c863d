import type { ControlTx } from '../../platform/index.ts';
import type { SignedReport } from '../report.ts';

export type Run = {
  id: string;
  version: string;
  origin: 'command' | 'dashboard' | 'test';
  state: 'running' | 'done' | 'failed' | 'abandoned';
  step: string;
  attempts: number;
  startedAt: Date;
  finishedAt: Date | null;
  ok: boolean | null;
  error: string | null;
  report: SignedReport | null;
};

const COLUMNS = `run.id, run.version, run.origin, run.state, run.step, run.attempts,
  run.started_at as "startedAt", run.finished_at as "finishedAt", run.ok, run.error, run.report`;

/** Nothing when another run is under way: the index lets one be at a time. */
export async function insertRun(
  tx: ControlTx,
  run: Pick<Run, 'id' | 'version' | 'origin'> & { startedBy: string | null },
): Promise<boolean> {
  const count = await tx.execute(
    `insert into control.isolation_runs (id, version, origin, started_by) values ($1, $2, $3, $4)
     on conflict (state) where state = 'running' do nothing`,
    [run.id, run.version, run.origin, run.startedBy],
  );
  return count === 1;
}

/** Says how far the run is, and that it lives. False when it was given up: it must end. */
export async function beat(
  tx: ControlTx,
  run: { id: string; step?: string; attempts?: number },
): Promise<boolean> {
  const count = await tx.execute(
    `update control.isolation_runs set beat_at = now(), step = coalesce($2, step),
       attempts = coalesce($3, attempts)
     where id = $1 and state = 'running'`,
    [run.id, run.step ?? null, run.attempts ?? null],
  );
  return count === 1;
}

type Outcome =
  | { id: string; state: 'done'; report: SignedReport }
  | { id: string; state: 'failed'; error: string };

/** False when the run was given up meanwhile: what is said of it stays. */
export async function settleRun(tx: ControlTx, outcome: Outcome): Promise<boolean> {
  const done = outcome.state === 'done';
  const count = await tx.execute(
    `update control.isolation_runs set state = $2, finished_at = now(), ok = $3, report = $4,
       error = $5, attempts = coalesce($6, attempts)
     where id = $1 and state in ('running', $2)`,
    [
      outcome.id,
      outcome.state,
      done ? outcome.report.ok : null,
      done ? JSON.stringify(outcome.report) : null,
      done ? null : outcome.error,
      done ? outcome.report.attempts : null,
    ],
  );
  return count === 1;
}

/** Held by the process of the one run that may be under way, for as long as the process lives. */
export const RUN_LOCK = 4203;

/**
 * Runs whose process has died: silent by the database's clock, and nobody holds the lock of the run, or
 * silent for so long that its process can't be of use. They are marked, and what they made is to be
 * removed; one that wakes up after all can make nothing more.
 */
export async function abandonRuns(
  tx: ControlTx,
  { silentSeconds, lostSeconds }: { silentSeconds: number; lostSeconds: number },
): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    `update control.isolation_runs set state = 'abandoned', finished_at = now(),
       error = 'its process ended before the test did'
     where state = 'running' and beat_at < now() - make_interval(secs => $1)
       and (beat_at < now() - make_interval(secs => $2) or pg_try_advisory_xact_lock($3::bigint))
     returning id`,
    [silentSeconds, lostSeconds, RUN_LOCK],
  );
  return rows.map(({ id }) => id);
}

/** Ended runs of which something is still there. */
export async function listUnclean(tx: ControlTx): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    `select distinct canary.run_id as id from control.isolation_canaries canary
     join control.isolation_runs run on run.id = canary.run_id
     where canary.removed_at is null and run.state <> 'running'`,
  );
  return rows.map(({ id }) => id);
}

/** Tenants of tests and checks that nobody noted and nobody uses any more. */
export async function listStrays(tx: ControlTx, olderThanMinutes: number): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    `select tenant.id from control.tenants tenant
     where tenant.purpose = 'self_check' and tenant.state not in ('dropping', 'dropped')
       and tenant.created_at < now() - make_interval(mins => $1)`,
    [olderThanMinutes],
  );
  return rows.map(({ id }) => id);
}

export async function findRun(tx: ControlTx, id: string): Promise<Run | undefined> {
  const rows = await tx.query<Run>(
    `select ${COLUMNS} from control.isolation_runs run where run.id = $1`,
    [id],
  );
  return rows[0];
}

/** The latest first. */
export function listRuns(tx: ControlTx, limit: number): Promise<Run[]> {
  return tx.query<Run>(
    `select ${COLUMNS} from control.isolation_runs run order by run.started_at desc, run.id desc limit $1`,
    [limit],
  );
}

/** The run with the latest report, by the date that is signed with it. */
export async function findLatestReport(tx: ControlTx): Promise<Run | undefined> {
  const rows = await tx.query<Run>(
    `select ${COLUMNS} from control.isolation_runs run
     where run.state = 'done' order by run.report ->> 'at' desc, run.id desc limit 1`,
  );
  return rows[0];
}
