import type { ControlTx, TenantTx } from '../../platform/index.ts';

export type JobState = { state: string; error: string | null };

/** How the latest job of a tenant about a subject stands. */
export async function findJob(
  tx: ControlTx,
  of: { tenantId: string; kind: string; subjectId: string },
): Promise<JobState | undefined> {
  const rows = await tx.query<JobState>(
    `select job.state, job.error from control.jobs job
     where job.tenant_id = $1 and job.kind = $2 and job.subject_id = $3
     order by job.created_at desc, job.id desc limit 1`,
    [of.tenantId, of.kind, of.subjectId],
  );
  return rows[0];
}

export type Forged = {
  id: string;
  kind: string;
  tenantId: string;
  subjectId: string;
  accountId?: string;
};

/** Puts a job into the queue past the function that checks it; the role decides whether it may. */
export async function forgeJob(
  tx: ControlTx | TenantTx,
  job: Forged & { queue: 'work' | 'provision' },
): Promise<number> {
  if (job.accountId === undefined)
    return tx.execute(
      'insert into control.jobs (id, queue, kind, tenant_id, subject_id) values ($1, $2, $3, $4, $5)',
      [job.id, job.queue, job.kind, job.tenantId, job.subjectId],
    );
  return tx.execute(
    `insert into control.jobs (id, queue, kind, tenant_id, subject_id, account_id)
     values ($1, $2, $3, $4, $5, $6)`,
    [job.id, job.queue, job.kind, job.tenantId, job.subjectId, job.accountId],
  );
}

/** Takes away what a test queued and nobody will run. */
export async function removeJobs(tx: ControlTx, tenantIds: readonly string[]): Promise<void> {
  await tx.execute(
    `delete from control.jobs job
     where job.queue = 'work' and job.tenant_id = any($1::uuid[]) and job.state <> 'running'`,
    [tenantIds],
  );
}
