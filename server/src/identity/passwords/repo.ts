import type { ControlTx } from '../../platform/index.ts';

/** So many of an account are kept, the present one among them. */
export const KEPT = 5;

/** Latest first. */
export async function listPasswordHashes(tx: ControlTx, accountId: string): Promise<string[]> {
  const rows = await tx.query<{ hash: string }>(
    `select hash from control.password_history where account_id = $1
     order by created_at desc limit $2`,
    [accountId, KEPT],
  );
  return rows.map(({ hash }) => hash);
}

export async function insertPasswordHash(
  tx: ControlTx,
  { accountId, hash }: { accountId: string; hash: string },
): Promise<void> {
  await tx.execute('insert into control.password_history (account_id, hash) values ($1, $2)', [
    accountId,
    hash,
  ]);
}

export async function prunePasswordHashes(tx: ControlTx, accountId: string): Promise<void> {
  await tx.execute(
    `delete from control.password_history where account_id = $1 and created_at not in (
       select created_at from control.password_history where account_id = $1
       order by created_at desc limit $2)`,
    [accountId, KEPT],
  );
}

export async function removePasswordHashes(tx: ControlTx, accountId: string): Promise<void> {
  await tx.execute('delete from control.password_history where account_id = $1', [accountId]);
}
