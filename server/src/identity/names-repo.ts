import type { ControlTx } from '../platform/index.ts';

export async function listNames(
  tx: ControlTx,
  ids: readonly string[],
): Promise<{ id: string; name: string }[]> {
  return tx.query(
    'select account.id, account.name from control.accounts account where account.id = any($1)',
    [ids],
  );
}

export async function findEmails(
  tx: ControlTx,
  auditIds: readonly string[],
): Promise<{ auditId: string; email: string }[]> {
  return tx.query(
    `select audit_id as "auditId", email from control.accounts where audit_id = any($1)`,
    [auditIds],
  );
}
