import type { ControlTx } from '../../platform/index.ts';

/** One making of key shares: who asked, for which browser's key, and the shares encrypted to it. */
export type Ceremony = {
  tenantId: string;
  accountId: string;
  publicKey: Buffer;
  shares: number;
  threshold: number;
  sealedShares: string[] | null;
};

const COLUMNS = `ceremony.tenant_id as "tenantId", ceremony.account_id as "accountId",
  ceremony.public_key as "publicKey", ceremony.shares, ceremony.threshold,
  ceremony.sealed_shares as "sealedShares"`;

export async function findCeremony(tx: ControlTx, tenantId: string): Promise<Ceremony | undefined> {
  const rows = await tx.query<Ceremony>(
    `select ${COLUMNS} from control.seal_ceremonies ceremony where ceremony.tenant_id = $1`,
    [tenantId],
  );
  return rows[0];
}

/** A new wish takes the place of one that was not finished: its shares have opened nothing yet. */
export async function putCeremony(
  tx: ControlTx,
  ceremony: Omit<Ceremony, 'sealedShares'>,
): Promise<void> {
  await tx.execute(
    `insert into control.seal_ceremonies (tenant_id, account_id, public_key, shares, threshold)
     values ($1, $2, $3, $4, $5)
     on conflict (tenant_id) do update set account_id = excluded.account_id,
       public_key = excluded.public_key, shares = excluded.shares, threshold = excluded.threshold,
       sealed_shares = null, asked_at = now()`,
    [
      ceremony.tenantId,
      ceremony.accountId,
      ceremony.publicKey,
      ceremony.shares,
      ceremony.threshold,
    ],
  );
}

/** False when another wish took the place of the one with this key meanwhile. */
export async function putSealedShares(
  tx: ControlTx,
  made: Pick<Ceremony, 'tenantId' | 'publicKey'> & { sealedShares: readonly string[] },
): Promise<boolean> {
  const count = await tx.execute(
    `update control.seal_ceremonies set sealed_shares = $3
     where tenant_id = $1 and public_key = $2 and sealed_shares is null`,
    [made.tenantId, made.publicKey, made.sealedShares],
  );
  return count === 1;
}

export async function removeCeremony(tx: ControlTx, tenantId: string): Promise<void> {
  await tx.execute('delete from control.seal_ceremonies where tenant_id = $1', [tenantId]);
}
