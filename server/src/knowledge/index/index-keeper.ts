import { enqueueJob, type Platform } from '../../platform/index.ts';
import { markIndexed, type OpenTenant } from '../../tenancy/index.ts';
import { listSubjects } from '../repo/jobs.ts';
import { isIndexed } from '../repo/search-index.ts';
import { REBUILD_JOB } from './rebuild-index.ts';

type Parts = { platform: Platform; openTenant: OpenTenant };

/**
 * Looks at the search index of an open tenant that holds its own seal, and asks for a new one when it
 * is not whole: after the tenant was opened, and after a crash of the database.
 */
export function createIndexKeeper({ platform, openTenant }: Parts): (id: string) => Promise<void> {
  return async (tenantId) => {
    const scope = await openTenant(tenantId, null);
    if (await platform.db.readTenant(scope, isIndexed)) return;
    const work = { kind: REBUILD_JOB, tenantId };
    const atWork = await platform.db.readControl((tx) => listSubjects(tx, work));
    if (atWork.size > 0) return;
    await platform.db.inControl((tx) => markIndexed(tx, { tenantId, whole: false }));
    await platform.db.inTenant(scope, (tx) =>
      enqueueJob(tx, { kind: REBUILD_JOB, subjectId: tenantId }),
    );
  };
}
