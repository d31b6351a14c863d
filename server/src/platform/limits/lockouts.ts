import type { ControlTx } from '../db/types.ts';
import { newId } from '../new-id.ts';
import type { Lock, TryKind } from './sign-in-tries.ts';

export type Lockout = {
  id: string;
  kind: TryKind;
  ip: string | null;
  auditId: string | null;
  failures: number;
  lockedAt: Date;
  lockedUntil: Date;
};

const KEEP_DAYS = 30;
const MOST_LISTED = 500;

/** Writes a lock by the database's clock. Logged: it holds through a crash. */
export async function insertLockout(
  tx: ControlTx,
  lock: Lock & { ip: string | null; auditId: string | null; seconds: number },
): Promise<string> {
  const id = newId();
  await tx.execute(
    `insert into control.lockouts (id, kind, subject, ip, audit_id, failures, locked_until)
     values ($1, $2, $3, $4, $5, $6, now() + make_interval(secs => $7))`,
    [id, lock.kind, lock.subject, lock.ip, lock.auditId, lock.failures, lock.seconds],
  );
  return id;
}

/** Those in force, latest first. */
export function listLockouts(tx: ControlTx): Promise<Lockout[]> {
  return tx.query<Lockout>(
    `select id, kind, host(ip) as ip, audit_id as "auditId", failures,
       locked_at as "lockedAt", locked_until as "lockedUntil"
     from control.lockouts where locked_until > now() and unlocked_at is null
     order by locked_at desc, id limit $1`,
    [MOST_LISTED],
  );
}

/** Ends a lock before its time. Gives it back, or nothing when it is over already. */
export async function unlock(tx: ControlTx, id: string): Promise<Lockout | undefined> {
  const rows = await tx.query<Lockout>(
    `update control.lockouts set unlocked_at = now()
     where id = $1 and locked_until > now() and unlocked_at is null
     returning id, kind, host(ip) as ip, audit_id as "auditId", failures,
       locked_at as "lockedAt", locked_until as "lockedUntil"`,
    [id],
  );
  return rows[0];
}

export async function pruneLockouts(tx: ControlTx): Promise<void> {
  await tx.execute(
    `delete from control.lockouts where locked_until < now() - make_interval(days => $1)`,
    [KEEP_DAYS],
  );
}
