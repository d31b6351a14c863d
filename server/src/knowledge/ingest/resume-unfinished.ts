import { enqueueJob, type Platform } from '../../platform/index.ts';
import { listActiveTenantIds, type OpenTenant } from '../../tenancy/index.ts';
import { listUnfinished } from '../repo/documents.ts';
import { listSubjects } from '../repo/jobs.ts';
import { INGEST_JOB } from '../upload-document.ts';

type Parts = { platform: Platform; openTenant: OpenTenant };

/**
 * Queues documents that wait without a job, for instance because their tenant was closed for as
 * long as the job had attempts. Gives how many.
 */
export async function resumeUnfinished({ platform, openTenant }: Parts): Promise<number> {
  let resumed = 0;
  for (const tenantId of await platform.db.readControl(listActiveTenantIds)) {
    const scope = await openTenant(tenantId, null);
    const waiting = await platform.db.readTenant(scope, listUnfinished);
    if (waiting.length === 0) continue;
    const atWork = await platform.db.readControl((tx) =>
      listSubjects(tx, { kind: INGEST_JOB, tenantId }),
    );
    for (const subjectId of waiting.filter((id) => !atWork.has(id))) {
      await platform.db.inTenant(scope, (tx) => enqueueJob(tx, { kind: INGEST_JOB, subjectId }));
      resumed += 1;
    }
  }
  return resumed;
}
