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

/** In a session that a tenant's directory opened the others are those of such directories alone. */
const SEEN = `exists (select from control.sessions own where own.id = $2
  and (own.only_tenant is null or own.only_tenant = session.only_tenant))`;

/** Who asks, and by which session. */
type Asking = { accountId: string; sessionId: string };

/** The live sessions of an account, latest first. */
export function listDevices(tx: ControlTx, { accountId, sessionId }: Asking): Promise<Device[]> {
  return tx.query<Device>(
    `select session.id, session.created_at as "createdAt", session.last_used_at as "lastUsedAt",
       least(session.expires_at, session.idle_until) as "endsAt", session.user_agent as "userAgent",
       session.client
     from control.sessions session where session.account_id = $1 and ${LIVE} and ${SEEN}
     order by session.last_used_at desc, session.id limit 200`,
    [accountId, sessionId],
  );
}

/** Of the account that asks, and of no other. */
export async function endOwnSession(
  tx: ControlTx,
  { accountId, sessionId, id }: Asking & { id: string },
): Promise<boolean> {
  const count = await tx.execute(
    `update control.sessions session set ended_at = now(), end_reason = 'signed_out'
     where session.id = $3 and session.account_id = $1 and ${LIVE} and ${SEEN}`,
    [accountId, sessionId, id],
  );
  return count === 1;
}

/** Those that the session sees. */
export async function endSeenSessions(
  tx: ControlTx,
  { accountId, sessionId }: Asking,
): Promise<number> {
  return tx.execute(
    `update control.sessions session set ended_at = now(), end_reason = 'signed_out'
     where session.account_id = $1 and session.id <> $2 and session.ended_at is null and ${SEEN}`,
    [accountId, sessionId],
  );
}

/** All, as when the password was changed. */
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
