import { record } from '../audit/index.ts';
import { AppError, enqueueJob, type RequestContext } from '../platform/index.ts';
import { canRetry } from './policy.ts';
import { openDocument } from './open-texts.ts';
import { findDocument, lockDocument, setState, type DocumentRow } from './repo/documents.ts';
import { INGEST_JOB } from './upload-document.ts';

/**
 * Lets a failed document go on from its stored passages.
 *
 * @throws AppError not_allowed_now when it did not fail, or nothing of it was kept
 */
export async function retryDocument(ctx: RequestContext, id: string): Promise<DocumentRow> {
  const texts = await ctx.openTexts();
  return ctx.inTenant(async (tx) => {
    const document = await lockDocument(tx, id);
    if (!document) throw new AppError('not_found', 'No such document');
    if (!canRetry(document)) throw new AppError('not_allowed_now', reason(document));
    await setState(tx, { id, state: 'queued' });
    await enqueueJob(tx, { kind: INGEST_JOB, subjectId: id });
    await record(tx, ctx, { action: 'document.retry', resourceType: 'document', resourceId: id });
    return openDocument(texts, (await findDocument(tx, id)) ?? document);
  });
}

function reason({ state }: DocumentRow): string {
  if (state === 'ready') return 'This document is ready; there is nothing to try again';
  if (state !== 'failed') return 'This document is being worked on; wait until it is ready';
  return 'The original is not kept. Upload the document again; delete this entry if you like';
}
