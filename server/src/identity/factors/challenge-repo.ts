import type { ControlTx } from '../../platform/index.ts';
import type { OpenedBy } from '../repo.ts';

export type ChallengePurpose = 'sign-in' | 'mobile' | 'step-up' | 'passkey' | 'enrol';

export type ChallengeRow = {
  hash: Buffer;
  seal: Buffer;
  purpose: ChallengePurpose;
  accountId: string | null;
  sessionId: string | null;
  address: string;
  wrong: number;
  expiresAt: Date;
  ended: boolean;
  /** The connection to a directory whose word it follows; null after a password. */
  by: OpenedBy | null;
};

export async function insertChallenge(
  tx: ControlTx,
  row: Omit<ChallengeRow, 'wrong' | 'ended'>,
): Promise<void> {
  await tx.execute(
    `insert into control.factor_challenges
       (hash, seal, purpose, account_id, session_id, address, expires_at, connection_id, only_tenant,
        provider_session)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      ...[
        row.hash,
        row.seal,
        row.purpose,
        row.accountId,
        row.sessionId,
        row.address,
        row.expiresAt,
      ],
      ...[
        row.by?.connectionId ?? null,
        row.by?.onlyTenant ?? null,
        row.by?.providerSession ?? null,
      ],
    ],
  );
}

export async function findChallenge(
  tx: ControlTx,
  hash: Buffer,
): Promise<ChallengeRow | undefined> {
  const rows = await tx.query<Flat>(
    `select connection_id as "connectionId", only_tenant as "onlyTenant",
       provider_session as "providerSession", hash, seal, purpose, account_id as "accountId", session_id as "sessionId", address, wrong,
       expires_at as "expiresAt", ended_at is not null as ended
     from control.factor_challenges where hash = $1`,
    [hash],
  );
  return rows.map(({ connectionId, onlyTenant, providerSession, ...row }) => ({
    ...row,
    by: connectionId === null ? null : { connectionId, onlyTenant, providerSession },
  }))[0];
}

type Flat = Omit<ChallengeRow, 'by'> & {
  connectionId: string | null;
  onlyTenant: string | null;
  providerSession: Buffer | null;
};

/**
 * Holds a challenge until the transaction ends; false when it has ended meanwhile. The connection of a
 * directory's word first, as whoever ends what it opened does.
 */
export async function lockChallenge(tx: ControlTx, hash: Buffer): Promise<boolean> {
  await tx.execute(
    `select from control.connections where id =
       (select connection_id from control.factor_challenges where hash = $1) for share`,
    [hash],
  );
  const rows = await tx.query(
    `select true as open from control.factor_challenges
     where hash = $1 and ended_at is null for update`,
    [hash],
  );
  return rows.length === 1;
}

export async function endChallenge(tx: ControlTx, hash: Buffer): Promise<void> {
  await tx.execute(
    'update control.factor_challenges set ended_at = coalesce(ended_at, now()) where hash = $1',
    [hash],
  );
}

/** Counts a wrong answer, of which so many end it. Returns whether this was the last. */
export async function countWrong(tx: ControlTx, hash: Buffer, most: number): Promise<boolean> {
  const rows = await tx.query<{ over: boolean }>(
    `update control.factor_challenges
     set wrong = wrong + 1, ended_at = case when wrong + 1 >= $2 then coalesce(ended_at, now()) else ended_at end
     where hash = $1 returning wrong >= $2 as over`,
    [hash, most],
  );
  return rows[0]?.over ?? true;
}

/** Forgets those that have run out. */
export function pruneChallenges(tx: ControlTx): Promise<number> {
  return tx.execute(
    `delete from control.factor_challenges where expires_at < now() - interval '1 hour'`,
  );
}
