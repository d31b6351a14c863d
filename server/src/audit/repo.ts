import type { PlatformLogTx, TenantTx } from '../platform/index.ts';
import type { AuditRow } from './leaf.ts';

const EVENT_JSON = `jsonb_build_object(
  'id', event.id, 'tenantId', event.tenant_id,
  'at', to_char(event.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
  'actorKind', event.actor_kind, 'actorId', event.actor_id, 'action', event.action,
  'outcome', event.outcome, 'resourceType', event.resource_type, 'resourceId', event.resource_id,
  'before', event.before, 'after', event.after, 'ip', host(event.ip),
  'userAgent', event.user_agent, 'requestId', event.request_id)`;

/** A transaction on one log: a tenant's, or the platform's, whose tables have the same names. */
export type LogTx = TenantTx | PlatformLogTx;

export type PendingEvent = { id: string; row: AuditRow };
export type Head = { seq: string; head: Buffer };

/** True when this transaction is the log's only sequencer until it ends. */
export async function lockSequencer(tx: LogTx): Promise<boolean> {
  type Answer = { locked: boolean };
  const [row] =
    tx.tenantId === null
      ? await tx.query<Answer>(
          `select pg_try_advisory_xact_lock(hashtextextended('log:platform', 0)) as locked`,
        )
      : await tx.query<Answer>('select control.try_lock_log() as locked');
  return row?.locked ?? false;
}

const SINCE_LAST = `event.xid >= coalesce((select last.xid from audit_log latest
    join audit_events last on last.id = latest.event_id order by latest.seq desc limit 1), '0'::xid8)`;

/**
 * Committed events that the log does not hold, oldest transaction first. Rows of transactions at or
 * above the snapshot's xmin wait: an older one could still commit before them.
 */
export async function listPending(
  tx: LogTx,
  { limit, thorough }: { limit: number; thorough: boolean },
): Promise<PendingEvent[]> {
  return tx.query<PendingEvent>(
    `select event.id, ${EVENT_JSON} as row from audit_events event
     where event.xid < pg_snapshot_xmin(pg_current_snapshot())
       and not exists (select from audit_log logged where logged.event_id = event.id)
       and ($2 or ${SINCE_LAST})
     order by event.xid, event.id limit $1`,
    [limit, thorough],
  );
}

/** Visible events that the log does not hold. */
export async function countWaiting(tx: LogTx): Promise<number> {
  const rows = await tx.query<{ count: string }>(
    `select count(*) from audit_events event
     where not exists (select from audit_log logged where logged.event_id = event.id)
       and ${SINCE_LAST}`,
  );
  return Number(rows[0]?.count ?? 0);
}

/** Events that should long be in the log, wherever their transaction id stands. */
export async function countMissing(tx: LogTx, olderThanSeconds: number): Promise<number> {
  const rows = await tx.query<{ count: string }>(
    `select count(*) from audit_events event
     where event.at < now() - make_interval(secs => $1)
       and not exists (select from audit_log logged where logged.event_id = event.id)`,
    [olderThanSeconds],
  );
  return Number(rows[0]?.count ?? 0);
}

export async function findHead(tx: LogTx): Promise<Head | undefined> {
  const rows = await tx.query<Head>(
    'select log.seq, log.head from audit_log log order by log.seq desc limit 1',
  );
  return rows[0];
}

type Entry = { seq: bigint; eventId: string; leaf: Buffer; head: Buffer };

export async function appendEntries(tx: LogTx, entries: readonly Entry[]): Promise<void> {
  const columns = [
    entries.map(({ seq }) => seq.toString()),
    entries.map(({ eventId }) => eventId),
    entries.map(({ leaf }) => leaf),
    entries.map(({ head }) => head),
  ];
  if (tx.tenantId === null)
    await tx.execute(
      `insert into audit_log (seq, event_id, leaf, head)
       select * from unnest($1::bigint[], $2::uuid[], $3::bytea[], $4::bytea[])`,
      columns,
    );
  else
    await tx.execute(
      `insert into audit_log (tenant_id, seq, event_id, leaf, head)
       select $1, * from unnest($2::bigint[], $3::uuid[], $4::bytea[], $5::bytea[])`,
      [tx.tenantId, ...columns],
    );
}

export async function listLog(
  tx: LogTx,
  range: { after: string; limit: number },
): Promise<{ seq: string; leaf: Buffer; head: Buffer; row: AuditRow }[]> {
  return tx.query(
    `select log.seq, log.leaf, log.head, ${EVENT_JSON} as row
     from audit_log log join audit_events event on event.id = log.event_id
     where log.seq > $1 order by log.seq limit $2`,
    [range.after, range.limit],
  );
}
