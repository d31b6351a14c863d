import type { ControlTx } from '../../platform/index.ts';
import type { ClientKind } from '../access-token.ts';

export type Device = {
  id: string;
  createdAt: Date;
  lastUsedAt: Date;
  endsAt: Date;
  userAgent: string | null;
  client: ClientKind;
};

const LIVE =
  'session.ended_at is null and session.expires_at > now() and session.idle_until > now()';

/** The live sessions of an account, latest first. */
export function listDevices(tx: ControlTx, accountId: string): Promise<Device[]> {
  return tx.query<Device>(
    `select session.id, session.created_at as "createdAt", session.last_used_at as "lastUsedAt",
       least(session.expires_at, session.idle_until) as "endsAt", session.user_agent as "userAgent",
       session.client
     from control.sessions session where session.account_id = $1 and ${LIVE}
     order by session.last_used_at desc, session.id limit 200`,
    [accountId],
  );
}

/** Of the account that asks, and of no other. */
export async function endOwnSession(
  tx: ControlTx,
  { accountId, id }: { accountId: string; id: string },
): Promise<boolean> {
  const count = await tx.execute(
    `update control.sessions session set ended_at = now(), end_reason = 'signed_out'
     where session.id = $2 and session.account_id = $1 and ${LIVE}`,
    [accountId, id],
  );
  return count === 1;
}

export async function endOtherSessions(
  tx: ControlTx,
  { accountId, keep, reason }: { accountId: string; keep: string; reason: string },
): Promise<number> {
  return tx.execute(
    `update control.sessions set ended_at = now(), end_reason = $3
     where account_id = $1 and id <> $2 and ended_at is null`,
    [accountId, keep, reason],
  );
}
