import type { ControlTx } from '../../platform/index.ts';

export type RotationKind = 'wrapping' | 'data' | 'backfill';
export type RotationState =
  'requested' | 'prepared' | 'rewriting' | 'rewritten' | 'done' | 'failed';

export type Rotation = {
  id: string;
  /** Null: the platform's own key. */
  tenantId: string | null;
  /** The tenant holds its own seal: more columns are ciphertext. */
  holdsSeal: boolean;
  kind: RotationKind;
  state: RotationState;
  fromVersion: number | null;
  toVersion: number | null;
  rowsDone: number;
  rowsTotal: number | null;
  error: string | null;
  requestedAt: Date;
  finishedAt: Date | null;
};

const COLUMNS = `rotation.id, rotation.tenant_id as "tenantId",
  exists (select from control.tenants owner
          where owner.id = rotation.tenant_id and owner.tier = 'sealed') as "holdsSeal", rotation.kind, rotation.state,
  rotation.from_version as "fromVersion", rotation.to_version as "toVersion",
  rotation.rows_done::float8 as "rowsDone", rotation.rows_total::float8 as "rowsTotal",
  rotation.error, rotation.requested_at as "requestedAt", rotation.finished_at as "finishedAt"`;

/** False when one of the same owner is under way. */
export async function insertRotation(
  tx: ControlTx,
  wish: Pick<Rotation, 'id' | 'tenantId' | 'kind'> & { requestedBy: string | null },
): Promise<boolean> {
  const count = await tx.execute(
    `insert into control.key_rotations (id, tenant_id, kind, requested_by) values ($1, $2, $3, $4)
     on conflict do nothing`,
    [wish.id, wish.tenantId, wish.kind, wish.requestedBy],
  );
  return count === 1;
}

export async function findRotation(tx: ControlTx, id: string): Promise<Rotation | undefined> {
  const rows = await tx.query<Rotation>(
    `select ${COLUMNS} from control.key_rotations rotation where rotation.id = $1`,
    [id],
  );
  return rows[0];
}

/** The latest rotations of an owner (null: the platform), newest first. */
export function listRotations(
  tx: ControlTx,
  { tenantId, limit }: { tenantId: string | null; limit: number },
): Promise<Rotation[]> {
  return tx.query<Rotation>(
    `select ${COLUMNS} from control.key_rotations rotation
     where rotation.tenant_id is not distinct from $1
     order by rotation.requested_at desc limit $2`,
    [tenantId, limit],
  );
}

/**
 * Takes a rotation whose next step is due, under a lease; a tenant that is not open waits. With it
 * the process that dies in a step leaves it to the next one.
 */
export async function claimRotation(
  tx: ControlTx,
  { states, leaseSeconds }: { states: readonly RotationState[]; leaseSeconds: number },
): Promise<Rotation | undefined> {
  const rows = await tx.query<Rotation>(
    `with next as (
       select candidate.id from control.key_rotations candidate
       left join control.tenants tenant on tenant.id = candidate.tenant_id
       where candidate.state = any($1) and candidate.due_at <= now()
         and (candidate.lease_until is null or candidate.lease_until < now())
         and (candidate.tenant_id is null or tenant.state = 'active')
       order by candidate.due_at, candidate.id
       for update of candidate skip locked limit 1)
     update control.key_rotations rotation set lease_until = now() + make_interval(secs => $2)
     from next where rotation.id = next.id
     returning ${COLUMNS}`,
    [states, leaseSeconds],
  );
  return rows[0];
}

/** The server's two: how far it has come, which also renews its lease, and that it is through. */
export async function noteProgress(
  tx: ControlTx,
  progress: { id: string; done: number; total: number; leaseSeconds: number },
): Promise<boolean> {
  const count = await tx.execute(
    `update control.key_rotations set rows_done = $2, rows_total = $3,
       lease_until = now() + make_interval(secs => $4)
     where id = $1 and state = 'rewriting'`,
    [progress.id, progress.done, progress.total, progress.leaseSeconds],
  );
  return count === 1;
}

export async function endRewriting(
  tx: ControlTx,
  { id, error }: { id: string; error: string | null },
): Promise<void> {
  await tx.execute(
    `update control.key_rotations set state = $2, error = $3, lease_until = null
     where id = $1 and state = 'rewriting'`,
    [id, error === null ? 'rewritten' : 'failed', error],
  );
}

export type NextStep = {
  id: string;
  state: RotationState;
  fromVersion?: number | null;
  toVersion?: number | null;
  dueInSeconds?: number;
  error?: string;
};

/** The provisioner's: the outcome of a step, and when the next one may begin. */
export async function moveRotation(tx: ControlTx, step: NextStep): Promise<void> {
  await tx.execute(
    `update control.key_rotations set state = $2, from_version = coalesce($3, from_version),
       to_version = coalesce($4, to_version), due_at = now() + make_interval(secs => $5),
       error = $6, lease_until = null,
       finished_at = case when $2 in ('done', 'failed') then now() end
     where id = $1`,
    [
      step.id,
      step.state,
      step.fromVersion ?? null,
      step.toVersion ?? null,
      step.dueInSeconds ?? 0,
      step.error ?? null,
    ],
  );
}

/** What a removed tenant had asked for ends with it. */
export async function endRotationsOfGone(tx: ControlTx): Promise<void> {
  await tx.execute(
    `update control.key_rotations rotation
     set state = 'failed', error = 'The tenant was removed', finished_at = now()
     from control.tenants tenant
     where tenant.id = rotation.tenant_id and tenant.state in ('dropping', 'dropped')
       and rotation.state not in ('done', 'failed')`,
  );
}
