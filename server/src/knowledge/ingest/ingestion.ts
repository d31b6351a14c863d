import type { Job, RequestContext } from '../../platform/index.ts';

/** One document's ingestion under way: the context is bound to the job's tenant and no other. */
export type Ingestion = { readonly ctx: RequestContext; readonly documentId: string };

/** The document that a job is about. */
export function ingestionOf(ctx: RequestContext, job: Job): Ingestion {
  if (job.subjectId === null) throw new Error('the job names no document');
  return { ctx, documentId: job.subjectId };
}
