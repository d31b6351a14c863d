import type { ControlTx } from '../platform/index.ts';

export async function readJobs(tx: ControlTx): Promise<{ waiting: number; oldestSeconds: number }> {
  const [row] = await tx.query<{ waiting: number; oldest: number }>(
    `select count(*)::int as waiting,
       coalesce(extract(epoch from now() - min(job.run_at)), 0)::float8 as oldest
     from control.jobs job where job.state = 'queued' and job.run_at <= now()`,
  );
  return { waiting: row?.waiting ?? 0, oldestSeconds: Math.round(row?.oldest ?? 0) };
}

export async function countLockouts(tx: ControlTx): Promise<number> {
  const [row] = await tx.query<{ count: number }>(
    `select count(*)::int as count from control.lockouts lockout
     where lockout.locked_until > now() and lockout.unlocked_at is null`,
  );
  return row?.count ?? 0;
}

export async function countTenants(tx: ControlTx): Promise<Record<string, number>> {
  const rows = await tx.query<{ state: string; count: number }>(
    'select tenant.state, count(*)::int as count from control.tenants tenant group by tenant.state',
  );
  return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
}

export type KeptAlert = {
  readonly name: string;
  readonly of: string;
  readonly severity: string;
  readonly summary: string;
  readonly since: Date;
  readonly resolvedAt: Date | null;
};

/** True when this process is the first to say so: several see the same, and one mail is enough. */
export async function raiseAlert(
  tx: ControlTx,
  alert: Omit<KeptAlert, 'resolvedAt'>,
): Promise<boolean> {
  const [row] = await tx.query<{ fresh: boolean }>(
    `insert into control.alerts as alert (name, labels, severity, summary, since)
     values ($1, $2, $3, $4, $5)
     on conflict (name, labels) where resolved_at is null do update set seen_at = now()
     returning alert.xmax = 0 as fresh`,
    [alert.name, alert.of, alert.severity, alert.summary, alert.since],
  );
  return row?.fresh ?? false;
}

/** Ends what no process has seen for so long, and forgets what ended a month ago. */
export async function resolveAlerts(tx: ControlTx, seconds: number): Promise<KeptAlert[]> {
  const rows = await tx.query<KeptAlert>(
    `update control.alerts alert set resolved_at = now()
     where alert.resolved_at is null and alert.seen_at < now() - make_interval(secs => $1)
     returning alert.name, alert.labels as of, alert.severity, alert.summary, alert.since,
       alert.resolved_at as "resolvedAt"`,
    [seconds],
  );
  await tx.execute(`delete from control.alerts where resolved_at < now() - interval '30 days'`);
  return rows;
}

/** Those that are open, and the last that ended. */
export async function listAlerts(tx: ControlTx): Promise<KeptAlert[]> {
  return tx.query<KeptAlert>(
    `select alert.name, alert.labels as of, alert.severity, alert.summary, alert.since,
       alert.resolved_at as "resolvedAt"
     from control.alerts alert
     order by alert.resolved_at desc nulls first, alert.since desc limit 50`,
  );
}
