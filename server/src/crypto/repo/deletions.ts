import type { ControlTx } from '../../platform/index.ts';
import type { Deletion } from '../ledger/ledger-file.ts';

export async function listDeletions(tx: ControlTx): Promise<Deletion[]> {
  const rows = await tx.query<Omit<Deletion, 'deletedAt'> & { deletedAt: Date }>(
    `select deletion.seq::float8 as seq, deletion.tenant_id as "tenantId",
       deletion.deleted_at as "deletedAt", deletion.hash
     from control.deletion_ledger deletion order by deletion.seq`,
  );
  return rows.map((row) => ({ ...row, deletedAt: row.deletedAt.toISOString() }));
}

/** The hash of the last entry; undefined when there is none. */
export async function findLastDeletion(tx: ControlTx): Promise<string | undefined> {
  const [row] = await tx.query<{ hash: string }>(
    'select deletion.hash from control.deletion_ledger deletion order by deletion.seq desc limit 1',
  );
  return row?.hash;
}

export async function insertDeletion(tx: ControlTx, deletion: Deletion): Promise<void> {
  await tx.execute(
    `insert into control.deletion_ledger (seq, tenant_id, deleted_at, hash) values ($1, $2, $3, $4)`,
    [deletion.seq, deletion.tenantId, deletion.deletedAt, deletion.hash],
  );
}
