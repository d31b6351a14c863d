import type { ControlTx } from '../platform/index.ts';
import { findEmails } from './names-repo.ts';

/** The e-mails of accounts by their pseudonyms, for a platform administrator's eyes. */
export async function listEmails(
  tx: ControlTx,
  auditIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (auditIds.length === 0) return new Map();
  const rows = await findEmails(tx, auditIds);
  return new Map(rows.map(({ auditId, email }) => [auditId, email]));
}
