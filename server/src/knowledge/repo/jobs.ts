import type { TenantTx } from '../../platform/index.ts';

/** Stops what waits or runs for a document; its worker notices when it next keeps its lease. */
export async function cancelIngestion(tx: TenantTx, documentId: string): Promise<void> {
  await tx.query('select control.cancel_jobs($1)', [documentId]);
}
