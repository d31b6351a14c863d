import type { ControlTx, TenantTx } from '../../platform/index.ts';

/** Stops what waits or runs for a document; its worker notices when it next keeps its lease. */
export async function cancelIngestion(tx: TenantTx, documentId: string): Promise<void> {
  await tx.query('select control.cancel_jobs($1)', [documentId]);
}

/** What the jobs of this kind that wait or run are about. */
export async function listSubjects(
  tx: ControlTx,
  work: { kind: string; tenantId: string },
): Promise<ReadonlySet<string>> {
  const rows = await tx.query<{ subject: string }>(
    `select job.subject_id as subject from control.jobs job
     where job.tenant_id = $1 and job.kind = $2 and job.state in ('queued', 'running')`,
    [work.tenantId, work.kind],
  );
  return new Set(rows.map(({ subject }) => subject));
}
