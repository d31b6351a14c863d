import { record } from '../../audit/index.ts';
import { places } from '../field-places.ts';
import { lockDocument, setState } from '../repo/documents.ts';
import { release } from '../repo/usage.ts';
import type { Ingestion } from './ingestion.ts';

/**
 * Marks a document as failed and says why. One that left no passages uses no storage any more;
 * it stays in the list so that its owner reads the reason.
 */
export async function failDocument(
  work: Ingestion,
  error: { readonly code: string; readonly detail: string },
): Promise<void> {
  const texts = await work.ctx.openTexts();
  return work.ctx.inTenant(async (tx) => {
    const document = await lockDocument(tx, work.documentId);
    if (!document || document.state === 'failed' || document.state === 'ready') return;
    const { code } = error;
    const detail = texts.encrypt(places.errorDetail(document.id), error.detail);
    await setState(tx, { id: document.id, state: 'failed', error: { code, detail } });
    if (document.total === 0) await release(tx, { bytes: document.bytes, documents: 0, chunks: 0 });
    await record(tx, work.ctx, {
      action: 'document.fail',
      resourceType: 'document',
      resourceId: document.id,
      after: { code },
    });
  });
}
