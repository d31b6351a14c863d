import { enqueueJob, type Platform } from '../../platform/index.ts';
import { listActiveTenantIds, type OpenTenant } from '../../tenancy/index.ts';
import { findCurrentModel } from '../repo/embeddings.ts';
import { REEMBED_JOB } from './reembed-tenant.ts';

/** Queues new vectors for each tenant whose searches still use another model than the set one. */
export async function askToReembed({
  platform,
  openTenant,
}: {
  platform: Platform;
  openTenant: OpenTenant;
}): Promise<void> {
  const wanted = platform.config.CASEMATE_EMBED_MODEL;
  for (const tenantId of await platform.db.readControl(listActiveTenantIds)) {
    const scope = await openTenant(tenantId, null);
    const current = await platform.db.readTenant(scope, findCurrentModel);
    if (!current || current.name === wanted) continue;
    await platform.db.inTenant(scope, (tx) =>
      enqueueJob(tx, { kind: REEMBED_JOB, subjectId: tenantId }),
    );
  }
}
