import type { TenantJob } from '../platform/index.ts';
import { REBUILD_JOB, rebuildIndex } from './index/rebuild-index.ts';
import { ingestDocument } from './ingest/ingest-document.ts';
import type { ReadDocument } from './ingest/read-document.ts';
import { REEMBED_JOB, reembedTenant } from './ingest/reembed-tenant.ts';
import { INGEST_JOB } from './upload-document.ts';

/** What this room does in the background, by kind of job. */
export function knowledgeJobs(readDocument: ReadDocument): Record<string, TenantJob> {
  return {
    [INGEST_JOB]: {
      permission: 'documents.write',
      // The keeper resumes what an interruption left waiting.
      bySystem: true,
      run: (ctx, job) => ingestDocument(ctx, job, readDocument),
    },
    [REBUILD_JOB]: { permission: null, bySystem: true, run: rebuildIndex },
    [REEMBED_JOB]: { permission: null, bySystem: true, run: reembedTenant },
  };
}
