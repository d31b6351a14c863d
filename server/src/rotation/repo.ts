import { notify, type ControlTx, type Row } from '../platform/index.ts';

export type RotationReason = 'due' | 'command' | 'compromised';
export type RotationState = 'queued' | 'running' | 'done' | 'failed';

export type Rotation = {
  id: string;
  secret: string;
  reason: RotationReason;
  state: RotationState;
  requestedAt: Date;
  finishedAt: Date | null;
  attempt: number;
  error: string | null;
};

const COLUMNS = `rotation.id, rotation.secret, rotation.reason, rotation.state,
  rotation.requested_at as "requestedAt", rotation.finished_at as "finishedAt", rotation.attempt,
  rotation.error`;

/** Of the database: all processes agree on it, and a host whose clock is wrong changes nothing. */
export async function readClock(tx: ControlTx): Promise<Date> {
  const [row] = await tx.query<Row & { at: Date }>('select now() as at');
  if (!row) throw new Error('the database tells no time');
  return row.at;
}

/** The moment, as the database writes it, and how long a sign-in may take at most. */
export async function readSignInTime(
  tx: ControlTx,
): Promise<{ now: string; signInSeconds: number }> {
  const [row] = await tx.query<{ now: string; signInSeconds: number }>(
    `select clock_timestamp()::text as now,
       extract(epoch from current_setting('authentication_timeout')::interval)::float8 as "signInSeconds"`,
  );
  if (!row) throw new Error('the database tells no time');
  return row;
}

/** Ends the sessions of all accounts of the appliance that began before; this one stays. */
export async function endSessions(tx: ControlTx, begunBefore: string): Promise<number> {
  const [row] = await tx.query<{ count: number }>(
    'select casemate_rotation.end_sessions($1::timestamptz) as count',
    [begunBefore],
  );
  return row?.count ?? 0;
}

/** Nothing when one is on its way already. */
export async function insertRotation(
  tx: ControlTx,
  rotation: { id: string; secret: string; reason: RotationReason },
): Promise<Rotation | undefined> {
  const [made] = await tx.query<Rotation>(
    `insert into control.rotations as rotation (id, secret, reason) values ($1, $2, $3)
     on conflict do nothing returning ${COLUMNS}`,
    [rotation.id, rotation.secret, rotation.reason],
  );
  if (made) await notify(tx, 'casemate_rotation', 'queued');
  return made;
}

export async function findRotation(tx: ControlTx, id: string): Promise<Rotation | undefined> {
  const [found] = await tx.query<Rotation>(
    `select ${COLUMNS} from control.rotations rotation where rotation.id = $1`,
    [id],
  );
  return found;
}

/** The last one of each secret. */
export function listLatest(tx: ControlTx): Promise<Rotation[]> {
  return tx.query<Rotation>(
    `select distinct on (rotation.secret) ${COLUMNS} from control.rotations rotation
     order by rotation.secret, rotation.requested_at desc`,
  );
}

/** Takes one that waits, or whose process died. Two processes never get the same. */
export async function claimRotation(
  tx: ControlTx,
  secrets: readonly string[],
  leaseSeconds: number,
): Promise<Rotation | undefined> {
  const [taken] = await tx.query<Rotation>(
    `with next as (
       select waiting.id from control.rotations waiting
       where waiting.secret = any($1)
         and ((waiting.state = 'queued' and waiting.run_at <= now())
              or (waiting.state = 'running' and waiting.lease_until < now()))
       order by waiting.requested_at for update skip locked limit 1)
     update control.rotations rotation
     set state = 'running', attempt = rotation.attempt + 1,
         lease_until = now() + make_interval(secs => $2)
     from next where rotation.id = next.id returning ${COLUMNS}`,
    [secrets, leaseSeconds],
  );
  return taken;
}

export async function settleRotation(
  tx: ControlTx,
  { id, attempt }: Rotation,
  outcome: { state: RotationState; error: string | null; delaySeconds: number },
): Promise<boolean> {
  const count = await tx.execute(
    `update control.rotations rotation
     set state = $3, error = $4, lease_until = null, run_at = now() + make_interval(secs => $5),
         finished_at = case when $3 in ('done', 'failed') then now() end
     where rotation.id = $1 and rotation.attempt = $2 and rotation.state = 'running'`,
    [id, attempt, outcome.state, outcome.error, outcome.delaySeconds],
  );
  return count === 1;
}

/** Tells the servers to read keys and passwords again. */
export async function announceRotation(tx: ControlTx): Promise<void> {
  await notify(tx, 'casemate_rotation', 'done');
}

export async function pruneRotations(tx: ControlTx, days: number): Promise<void> {
  await tx.execute(
    `delete from control.rotations
     where state in ('done', 'failed') and finished_at < now() - make_interval(days => $1)`,
    [days],
  );
}

/** Keys of access tokens that are accepted no more, by their thumbprints (RFC 7638). */
export async function insertWithdrawnKeys(
  tx: ControlTx,
  thumbprints: readonly string[],
): Promise<void> {
  await tx.execute(
    'insert into control.withdrawn_keys (thumbprint) select unnest($1::text[]) on conflict do nothing',
    [thumbprints],
  );
}
