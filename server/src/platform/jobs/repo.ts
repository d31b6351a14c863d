import type { ControlTx, TenantTx } from '../db/types.ts';
import { notify } from '../db/notify.ts';
import { newId } from '../new-id.ts';
import type { Job } from './job.ts';

type Enqueue = { kind: string; subjectId: string; delaySeconds?: number };

/**
 * Adds a job of the transaction's tenant. The database takes the tenant and the account from the
 * verified claim, never from an argument. A queued job of the same kind and subject is kept.
 */
export async function enqueueJob(tx: TenantTx, job: Enqueue): Promise<void> {
  await tx.query('select control.enqueue_job($1, $2, $3, $4)', [
    newId(),
    job.kind,
    job.subjectId,
    job.delaySeconds ?? 0,
  ]);
}

/** Adds a job of the platform's own, in the transaction of the change that it belongs to. */
export async function enqueuePlatformJob(
  tx: ControlTx,
  job: { kind: string; subjectId: string },
): Promise<void> {
  await tx.query(
    `insert into control.jobs (id, queue, kind, subject_id) values ($1, 'work', $2, $3)`,
    [newId(), job.kind, job.subjectId],
  );
  await notify(tx, 'casemate_jobs', 'work');
}

/** Asks the provisioner; it checks the tenant's state itself before it changes anything. */
export async function enqueueProvisioning(
  tx: ControlTx,
  job: { kind: 'tenant.create' | 'tenant.drop' | 'tenant.seal'; tenantId: string },
): Promise<void> {
  await tx.query(
    `insert into control.jobs (id, queue, kind, tenant_id, subject_id)
     values ($1, 'provision', $2, $3, $3) on conflict do nothing`,
    [newId(), job.kind, job.tenantId],
  );
  await notify(tx, 'casemate_jobs', 'provision');
}

const JOB_COLUMNS = `job.id, job.queue, job.kind, job.tenant_id as "tenantId",
  job.subject_id as "subjectId", job.account_id as "accountId", job.attempt,
  job.max_attempts as "maxAttempts", job.claim`;

/**
 * Takes the next due job under a lease. Tenants with fewer running jobs come first, so that one
 * tenant's thousand documents don't hold up another's first. Those of a tenant that is not active
 * wait.
 */
export async function claimJob(
  tx: ControlTx,
  claim: { queue: Job['queue']; kinds: readonly string[]; leaseSeconds: number },
): Promise<Job | undefined> {
  await giveUpPoisoned(tx, claim.queue);
  const rows = await tx.query<Job>(
    `with next as (
       select candidate.id from control.jobs candidate
       where candidate.queue = $1 and candidate.kind = any($2)
         and candidate.run_at <= now()
         and (candidate.queue <> 'work' or candidate.tenant_id is null
              or exists (select from control.tenants tenant
                         where tenant.id = candidate.tenant_id and tenant.state = 'active'))
         and (candidate.state = 'queued'
              or (candidate.state = 'running' and candidate.lease_until < now()))
       order by (select count(*) from control.jobs busy
                 where busy.tenant_id = candidate.tenant_id and busy.state = 'running'
                   and busy.lease_until >= now()),
                candidate.run_at, candidate.id
       for update skip locked limit 1)
     update control.jobs job
     set state = 'running', attempt = job.attempt + 1, claim = job.claim + 1, started_at = now(),
         lease_until = now() + make_interval(secs => $3)
     from next where job.id = next.id
     returning ${JOB_COLUMNS}`,
    [claim.queue, claim.kinds, claim.leaseSeconds],
  );
  return rows[0];
}

/** A job whose workers died as often as it has attempts is not tried again: it may be why they died. */
async function giveUpPoisoned(tx: ControlTx, queue: Job['queue']): Promise<void> {
  await tx.execute(
    `update control.jobs job
     set state = 'failed', error = 'its worker died each time', lease_until = null, finished_at = now()
     where job.queue = $1 and job.state = 'running' and job.lease_until < now()
       and job.attempt >= job.max_attempts`,
    [queue],
  );
}

/** Prolongs the lease. False when the job was cancelled or taken over: the worker must stop. */
export async function keepLease(tx: ControlTx, job: Job, leaseSeconds: number): Promise<boolean> {
  const count = await tx.execute(
    `update control.jobs set lease_until = now() + make_interval(secs => $3)
     where id = $1 and state = 'running' and claim = $2`,
    [job.id, job.claim, leaseSeconds],
  );
  return count === 1;
}

type Outcome =
  | { state: 'done' | 'cancelled' }
  | { state: 'failed'; error: string }
  | { state: 'queued'; error: string; delaySeconds: number; refundAttempt: boolean };

/** Writes how a run ended, unless it was cancelled meanwhile; a waiting twin takes over a retry. */
export async function settleJob(tx: ControlTx, job: Job, outcome: Outcome): Promise<void> {
  const retry = outcome.state === 'queued' ? outcome : { delaySeconds: 0, refundAttempt: false };
  await tx.execute(
    `update control.jobs jobs
     set state = settled.state, error = $4, lease_until = null,
         run_at = case when settled.state = 'queued' then now() + make_interval(secs => $5) else jobs.run_at end,
         attempt = jobs.attempt - $6,
         finished_at = case when settled.state = 'queued' then null else now() end
     from (select case when $3::text = 'queued' and exists (
                    select from control.jobs twin join control.jobs own on own.id = $1
                    where twin.state = 'queued' and twin.id <> own.id and twin.kind = own.kind
                      and twin.tenant_id is not distinct from own.tenant_id
                      and twin.subject_id is not distinct from own.subject_id)
                  then 'cancelled' else $3::text end as state) settled
     where jobs.id = $1 and jobs.claim = $2 and jobs.state = 'running'`,
    [
      job.id,
      job.claim,
      outcome.state,
      'error' in outcome ? outcome.error : null,
      retry.delaySeconds,
      retry.refundAttempt ? 1 : 0,
    ],
  );
}

/** Ends what a tenant that goes away still has in the queue; who runs one loses the lease. */
export async function cancelJobsOf(tx: ControlTx, tenantId: string): Promise<void> {
  await tx.execute(
    `update control.jobs set state = 'cancelled', finished_at = now()
     where queue = 'work' and tenant_id = $1 and state in ('queued', 'running')`,
    [tenantId],
  );
}

export async function pruneJobs(tx: ControlTx, queue: Job['queue'], days: number): Promise<void> {
  await tx.execute(
    `delete from control.jobs
     where queue = $1 and state in ('done', 'cancelled', 'failed')
       and finished_at < now() - make_interval(days => $2)`,
    [queue, days],
  );
}
