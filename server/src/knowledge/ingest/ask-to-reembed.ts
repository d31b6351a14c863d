import { enqueueJob, type Platform } from '../../platform/index.ts';
import type { OpenTenant } from '../../tenancy/index.ts';
import { findCurrentModel } from '../repo/embeddings.ts';
import { REEMBED_JOB } from './reembed-tenant.ts';

type Parts = { platform: Platform; openTenant: OpenTenant };

/** Queues new vectors for a tenant whose searches still use another model than the set one. */
export async function askToReembed(
  { platform, openTenant }: Parts,
  tenantId: string,
): Promise<void> {
  const scope = await openTenant(tenantId, null);
  const current = await platform.db.readTenant(scope, findCurrentModel);
  if (!current || current.name === platform.config.CASEMATE_EMBED_MODEL) return;
  await platform.db.inTenant(scope, (tx) =>
    enqueueJob(tx, { kind: REEMBED_JOB, subjectId: tenantId }),
  );
}
