import type { Job, RequestContext } from '../platform/index.ts';
import { ingestDocument } from './ingest/ingest-document.ts';
import type { ReadDocument } from './ingest/read-document.ts';
import { REEMBED_JOB, reembedTenant } from './ingest/reembed-tenant.ts';
import { INGEST_JOB } from './upload-document.ts';

type KnowledgeJob = (ctx: RequestContext, job: Job) => Promise<void>;

/** What this room does in the background, by kind of job. */
export function knowledgeJobs(readDocument: ReadDocument): Record<string, KnowledgeJob> {
  return {
    [INGEST_JOB]: (ctx, job) => ingestDocument(ctx, job, readDocument),
    [REEMBED_JOB]: reembedTenant,
  };
}
