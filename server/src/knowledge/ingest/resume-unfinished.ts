import { enqueueJob, type Platform } from '../../platform/index.ts';
import type { OpenTenant } from '../../tenancy/index.ts';
import { listUnfinished } from '../repo/documents.ts';
import { listSubjects } from '../repo/jobs.ts';
import { INGEST_JOB } from '../upload-document.ts';

type Parts = { platform: Platform; openTenant: OpenTenant };

/**
 * Queues a tenant's documents that wait without a job, for instance because it was closed for as long
 * as the job had attempts. Gives how many.
 */
export async function resumeUnfinished(
  { platform, openTenant }: Parts,
  tenantId: string,
): Promise<number> {
  const scope = await openTenant(tenantId, null);
  const waiting = await platform.db.readTenant(scope, listUnfinished);
  if (waiting.length === 0) return 0;
  const atWork = await platform.db.readControl((tx) =>
    listSubjects(tx, { kind: INGEST_JOB, tenantId }),
  );
  const lost = waiting.filter((id) => !atWork.has(id));
  for (const subjectId of lost)
    await platform.db.inTenant(scope, (tx) => enqueueJob(tx, { kind: INGEST_JOB, subjectId }));
  return lost.length;
}
