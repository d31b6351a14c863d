import { rm } from 'node:fs/promises';
import { record } from '../audit/index.ts';
import { AppError, type RequestContext } from '../platform/index.ts';
import { lockDocument, removeDocument } from './repo/documents.ts';
import { cancelIngestion } from './repo/jobs.ts';
import { countOut, lockCounts, waitShortly } from './repo/passages.ts';
import { release } from './repo/usage.ts';
import { uploadPath } from './uploads/upload-path.ts';

/**
 * Removes a document with its passages, words and vectors, gives its storage back and stops its
 * ingestion. Quotes in old answers belong to the conversations and stay there.
 */
export async function deleteDocument(ctx: RequestContext, id: string): Promise<void> {
  const tenantId = await ctx.inTenant(async (tx) => {
    await waitShortly(tx);
    const document = await lockDocument(tx, id);
    if (!document) throw new AppError('not_found', 'No such document');
    await cancelIngestion(tx, id);
    await lockCounts(tx);
    const chunks = await countOut(tx, id);
    // A document that failed without passages gave its bytes back then.
    const held = document.state === 'failed' && document.total === 0 ? 0 : document.bytes;
    await release(tx, { bytes: held, documents: 1, chunks });
    await removeDocument(tx, id);
    await record(tx, ctx, {
      action: 'document.delete',
      resourceType: 'document',
      resourceId: id,
      before: { passages: chunks, bytes: document.bytes },
    });
    return tx.tenantId;
  });
  await rm(uploadPath(ctx.platform.config.CASEMATE_DATA_DIR, tenantId, id), { force: true });
}
