import type { ControlTx } from '../platform/index.ts';
import { findSignIn } from './repo.ts';

/** The pseudonym of the account with this e-mail; null where there is none. */
export async function findAuditId(tx: ControlTx, email: string): Promise<string | null> {
  const account = await findSignIn(tx, email);
  return account?.auditId ?? null;
}
