import { record } from '../../audit/index.ts';
import { lockDocument, setState } from '../repo/documents.ts';
import type { Ingestion } from './ingestion.ts';

/** Marks a document as ready; does nothing when it was deleted or is ready already. */
export function finishDocument(work: Ingestion): Promise<void> {
  return work.ctx.inTenant(async (tx) => {
    const document = await lockDocument(tx, work.documentId);
    if (!document || document.state === 'ready') return;
    await setState(tx, { id: document.id, state: 'ready' });
    await record(tx, work.ctx, {
      action: 'document.ready',
      resourceType: 'document',
      resourceId: document.id,
      after: { passages: document.total },
    });
  });
}
