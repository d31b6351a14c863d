import { AppError } from '../app-error.ts';
import type { Platform } from '../context.ts';
import { JobRefused, RetryLater, type Job } from './job.ts';
import { claimJob, keepLease, pruneJobs, settleJob } from './repo.ts';

/** Runs one job; must stop when `signal` aborts (cancelled, lease lost, or the process drains). */
export type JobHandler = (job: Job, signal: AbortSignal) => Promise<void>;

export type Worker = { stop(): Promise<void> };

type Options = {
  platform: Platform;
  queue: Job['queue'];
  handlers: Readonly<Record<string, JobHandler>>;
  concurrency: number;
  /** Aborts when a tenant is no longer active: its jobs stop and wait. */
  closing?: (tenantId: string) => AbortSignal;
};

const LEASE_SECONDS = 60;
const POLL_MS = 2_000;
const KEEP_DAYS = 7;

/**
 * Takes jobs until stopped: woken by notifications, and by a poll for those whose time has come or
 * whose worker died. A handler that throws is retried with growing pauses until its attempts end.
 */
export async function startWorker(options: Options): Promise<Worker> {
  const { platform, queue, concurrency } = options;
  const draining = new AbortController();
  const running = new Set<Promise<void>>();
  let claiming: Promise<void> | undefined;
  // What is queued while a claim finds nothing would wait for the poll.
  let again = false;

  const claimAll = async (): Promise<void> => {
    while (!draining.signal.aborted && running.size < concurrency) {
      const job = await platform.db.inControl((tx) =>
        claimJob(tx, { queue, kinds: Object.keys(options.handlers), leaseSeconds: LEASE_SECONDS }),
      );
      if (!job) return;
      const run = runJob(options, job, draining.signal).finally(() => {
        running.delete(run);
        wake();
      });
      running.add(run);
    }
  };
  const wake = (): void => {
    if (draining.signal.aborted) return;
    again = claiming !== undefined;
    claiming ??= claimAll()
      .catch((error: unknown) => platform.log.warn('jobs could not be read', { error }))
      .finally(() => {
        claiming = undefined;
        if (again) wake();
      });
  };
  const unlisten = await platform.db.listen('casemate_jobs', (payload) => {
    if (payload === queue) wake();
  });
  const poll = setInterval(wake, POLL_MS);
  const prune = setInterval(() => {
    platform.db
      .inControl((tx) => pruneJobs(tx, queue, KEEP_DAYS))
      .catch((error: unknown) => platform.log.warn('old jobs could not be removed', { error }));
  }, 3_600_000);
  wake();
  return {
    stop: async () => {
      clearInterval(poll);
      clearInterval(prune);
      draining.abort(new Error('the server is stopping'));
      await unlisten().catch(() => undefined);
      await claiming;
      await Promise.allSettled(running);
    },
  };
}

async function runJob(options: Options, job: Job, draining: AbortSignal): Promise<void> {
  const { platform } = options;
  const log = platform.log.child({ jobId: job.id, kind: job.kind, tenantId: job.tenantId });
  const lost = new AbortController();
  const closed = job.tenantId === null ? undefined : options.closing?.(job.tenantId);
  const signal = AbortSignal.any([draining, lost.signal, ...(closed ? [closed] : [])]);
  const lease = setInterval(
    () => {
      platform.db
        .inControl((tx) => keepLease(tx, job, LEASE_SECONDS))
        .then((kept) => {
          if (!kept) lost.abort(new Error('the job was cancelled'));
        })
        .catch((error: unknown) => log.warn('lease could not be prolonged', { error }));
    },
    (LEASE_SECONDS * 1000) / 3,
  );
  let failure: unknown;
  try {
    await options.handlers[job.kind]?.(job, signal);
  } catch (error) {
    failure = error ?? new Error('unknown');
  } finally {
    clearInterval(lease);
  }
  const outcome = outcomeOf(job, failure, { draining, lost: lost.signal, closed });
  platform.metrics.jobs.inc({ kind: job.kind, outcome: outcome.state });
  if (outcome.state === 'failed') log.error('job failed for good', { error: failure });
  else if (failure) log.warn('job will run again', { error: failure });
  else log.info('job done');
  await platform.db
    .inControl((tx) => settleJob(tx, job, outcome))
    .catch((error: unknown) => log.warn('job outcome could not be written', { error }));
}

const CLOSED: ReadonlySet<string> = new Set(['suspended', 'sealed']);

type Outcome = Parameters<typeof settleJob>[2];

/** Exported for its tests: the pause grows 2, 4, 8 … seconds, at most 5 minutes. */
export function outcomeOf(
  job: Job,
  failure: unknown,
  signals: { draining: AbortSignal; lost: AbortSignal; closed?: AbortSignal | undefined },
): Outcome {
  if (!failure) return { state: 'done' };
  if (signals.lost.aborted) return { state: 'cancelled' };
  const error = failure instanceof Error ? failure.name : 'Error';
  if (signals.draining.aborted)
    return { state: 'queued', error: 'restart', delaySeconds: 0, refundAttempt: true };
  if (failure instanceof JobRefused) return { state: 'failed', error };
  // It waits in the queue until its tenant is open again.
  // It waits until its tenant is open again.
  if (signals.closed?.aborted || (failure instanceof AppError && CLOSED.has(failure.code)))
    return { state: 'queued', error: 'closed', delaySeconds: 0, refundAttempt: true };
  if (failure instanceof RetryLater)
    return { state: 'queued', error, delaySeconds: failure.seconds, refundAttempt: true };
  if (failure instanceof AppError && failure.code === 'unavailable')
    return {
      state: 'queued',
      error: failure.code,
      delaySeconds: failure.retryAfterSeconds ?? 10,
      refundAttempt: true,
    };
  if (job.attempt >= job.maxAttempts) return { state: 'failed', error };
  const delaySeconds = Math.min(300, 2 ** job.attempt);
  return { state: 'queued', error, delaySeconds, refundAttempt: false };
}
