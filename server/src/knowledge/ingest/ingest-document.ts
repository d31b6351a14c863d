import { rm } from 'node:fs/promises';
import { AppError, RetryLater, type Job, type RequestContext } from '../../platform/index.ts';
import { ParseError } from '../parse/index.ts';
import { openDocument } from '../open-texts.ts';
import { findDocument, findUploadKey, setState, type DocumentRow } from '../repo/documents.ts';
import { tenantOf } from '../tenant-of.ts';
import { openUpload } from '../uploads/upload-seal.ts';
import { uploadPath } from '../uploads/upload-path.ts';
import { embedPassages } from './embed-passages.ts';
import { failDocument } from './fail-document.ts';
import { finishDocument } from './finish-document.ts';
import { ingestionOf, type Ingestion } from './ingestion.ts';
import type { ReadDocument } from './read-document.ts';
import { storePassages } from './store-passages.ts';

/**
 * The job of one document: read → passages → vectors → ready. Each step is written before the next
 * begins, so that a job that died goes on where it stopped. The original is deleted as soon as its
 * passages are stored, or it turned out unusable (INP-05).
 */
export async function ingestDocument(
  ctx: RequestContext,
  job: Job,
  readDocument: ReadDocument,
): Promise<void> {
  const work = ingestionOf(ctx, job);
  try {
    const texts = await ctx.openTexts();
    const stored = await ctx.inTenant((tx) => findDocument(tx, work.documentId));
    const document = openDocument(texts, stored);
    if (document?.state === 'queued' || document?.state === 'parsing')
      if (document.total === 0) await readOriginal(work, document, readDocument);
    await deleteOriginal(work);
    if (!document || document.state === 'ready' || document.state === 'failed') return;
    await embedPassages(work, document.name);
    await finishDocument(work);
  } catch (error) {
    await settleFailure(work, job, error);
  }
}

async function readOriginal(
  work: Ingestion,
  document: DocumentRow,
  readDocument: ReadDocument,
): Promise<void> {
  const { signal } = work.ctx;
  await work.ctx.inTenant((tx) => setState(tx, { id: document.id, state: 'parsing' }));
  const path = originalOf(work);
  const { id, mediaType } = document;
  const contents = await readDocument({ path, mediaType, signal, ...(await openSealed(work, id)) });
  if (contents.passages.length === 0) throw new ParseError('empty');
  await storePassages(work, document.name, contents);
}

/** What waits encrypted is opened here; its reader gets it through a pipe. */
async function openSealed(work: Ingestion, documentId: string): Promise<{ contents?: Buffer }> {
  const texts = await work.ctx.openTexts();
  if (texts.tier === 'standard') return {};
  const uploadKey = await work.ctx.inTenant((tx) => findUploadKey(tx, documentId));
  const file = originalOf(work);
  return { contents: await openUpload(texts, { documentId, file, uploadKey }) };
}

/** A fault of the document ends its ingestion; a fault of ours is tried again, then ends it too. */
async function settleFailure(work: Ingestion, job: Job, error: unknown): Promise<void> {
  if (work.ctx.signal.aborted) throw error;
  const lost = (error as NodeJS.ErrnoException).code === 'ENOENT';
  if (error instanceof ParseError) await failDocument(work, error);
  else if (lost)
    await failDocument(work, {
      code: 'upload_lost',
      detail: 'The upload was lost. Upload the document again.',
    });
  else if (comesBack(error) || job.attempt < job.maxAttempts) throw error;
  else await failDocument(work, { code: 'internal', detail: GIVEN_UP });
  await deleteOriginal(work);
}

/** The worker runs these again without spending an attempt. */
const comesBack = (error: unknown): boolean =>
  error instanceof RetryLater ||
  (error instanceof AppError && ['unavailable', 'sealed', 'suspended'].includes(error.code));

const GIVEN_UP =
  'The document could not be processed after several attempts. Try again, or upload it again.';

const originalOf = (work: Ingestion): string =>
  uploadPath(work.ctx.platform.config.CASEMATE_DATA_DIR, tenantOf(work.ctx), work.documentId);

const deleteOriginal = (work: Ingestion): Promise<void> => rm(originalOf(work), { force: true });
