import { rm } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { record } from '../audit/index.ts';
import {
  AppError,
  enqueueJob,
  newId,
  type RequestContext,
  type TenantTexts,
} from '../platform/index.ts';
import { asAppError } from './as-app-error.ts';
import { places } from './field-places.ts';
import { openDocument, openName } from './open-texts.ts';
import { detectType, ParseError, sanitiseFileName } from './parse/index.ts';
import { findClaimedFormat } from './parse/media-types.ts';
import {
  findByContent,
  findDocument,
  insertDocument,
  type DocumentRow,
  type NewDocument,
} from './repo/documents.ts';
import { readUsage, reserve } from './repo/usage.ts';
import { tenantOf } from './tenant-of.ts';
import { receiveUpload, tooLarge } from './uploads/receive-upload.ts';
import { sealOf } from './uploads/upload-seal.ts';
import { uploadPath } from './uploads/upload-path.ts';

export const INGEST_JOB = 'knowledge.ingest';

export type Upload = {
  /** The file's name as the person has it. */
  readonly name: string;
  readonly body: Readable;
  /** As announced; null when the request doesn't say. */
  readonly bytes: number | null;
};

/**
 * Takes a document in: the body to a file, then in one transaction its place in the quota, its row,
 * its job and its audit row. What can be refused is refused before the body is read.
 *
 * @throws AppError unsupported_type, unusable_document, too_large, quota_exceeded, already_exists,
 *   storage_full; nothing is left behind then
 */
export async function uploadDocument(ctx: RequestContext, upload: Upload): Promise<DocumentRow> {
  const name = sanitiseFileName(upload.name);
  const { config } = ctx.platform;
  const maxBytes = config.CASEMATE_MAX_UPLOAD_BYTES;
  if (!findClaimedFormat(name)) throw asAppError(new ParseError('unsupported'));
  if ((upload.bytes ?? 0) > maxBytes) throw tooLarge(maxBytes);
  await refuseOverQuota(ctx, upload.bytes ?? 0);
  const texts = await ctx.openTexts();
  const id = newId();
  const file = uploadPath(config.CASEMATE_DATA_DIR, tenantOf(ctx), id);
  const seal = sealOf(texts, id);
  const received = await receiveUpload(upload.body, { file, maxBytes, signal: ctx.signal, seal });
  try {
    const { sample, bytes, sha256 } = received;
    const mediaType = detectType(name, sample);
    // The keys of before may have left memory while the body came in.
    const now = await ctx.openTexts();
    const uploadKey = seal?.keyFor(now) ?? null;
    return await takeIn(ctx, now, { id, name, mediaType, bytes, sha256, uploadKey });
  } catch (error) {
    await rm(file, { force: true });
    throw asAppError(error);
  }
}

type Taken = Omit<NewDocument, 'createdBy'>;

function takeIn(ctx: RequestContext, texts: TenantTexts, document: Taken): Promise<DocumentRow> {
  const sha256 = texts.fingerprint(document.sha256);
  const name = texts.encrypt(places.name(document.id), document.name);
  const quotaBytes = ctx.platform.config.CASEMATE_STORAGE_QUOTA_BYTES;
  return ctx.inTenant(async (tx) => {
    // The row of usage, locked here, makes two uploads of the same bytes wait for each other.
    if (!(await reserve(tx, { bytes: document.bytes, quotaBytes }))) throw overQuota(quotaBytes);
    const twin = await findByContent(tx, sha256);
    if (twin !== undefined)
      throw new AppError(
        'already_exists',
        `This document is here already, as "${openName(texts, twin)}"`,
      );
    await insertDocument(tx, { ...document, name, sha256, createdBy: ctx.actor.accountId });
    await enqueueJob(tx, { kind: INGEST_JOB, subjectId: document.id });
    await record(tx, ctx, {
      action: 'document.upload',
      resourceType: 'document',
      resourceId: document.id,
      after: { mediaType: document.mediaType, bytes: document.bytes },
    });
    const row = await findDocument(tx, document.id);
    if (!row) throw new Error('the document vanished while it was taken in');
    return openDocument(texts, row);
  });
}

async function refuseOverQuota(ctx: RequestContext, bytes: number): Promise<void> {
  const quotaBytes = ctx.platform.config.CASEMATE_STORAGE_QUOTA_BYTES;
  const used = await ctx.readTenant(readUsage);
  if (used.bytes + bytes > quotaBytes) throw overQuota(quotaBytes);
}

function overQuota(quotaBytes: number): AppError {
  const gibibytes = Number((quotaBytes / 1024 ** 3).toFixed(1));
  return new AppError(
    'quota_exceeded',
    `The storage of this tenant (${gibibytes} GiB) is used up. Delete documents, or ask for more`,
  );
}
