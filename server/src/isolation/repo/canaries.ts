import type { ControlTx } from '../../platform/index.ts';

/** Written down before it is made: whatever kills the test, somebody can remove it. */
export async function noteCanary(
  tx: ControlTx,
  canary: { runId: string; kind: 'tenant' | 'account'; id: string },
): Promise<void> {
  await tx.execute(
    'insert into control.isolation_canaries (run_id, kind, id) values ($1, $2, $3)',
    [canary.runId, canary.kind, canary.id],
  );
}

/**
 * In the transaction that makes it: keeps whoever removes it waiting until it is made. False when its
 * run has ended or it is being removed; it must not be made then.
 */
export async function claimCanary(tx: ControlTx, id: string): Promise<boolean> {
  const rows = await tx.query(
    `select from control.isolation_canaries canary
     join control.isolation_runs run on run.id = canary.run_id
     where canary.id = $1 and canary.removing_at is null and run.state = 'running'
     for share of canary`,
    [id],
  );
  return rows.length === 1;
}

/** From now on it can't be made any more; waits for who makes it just now. */
export async function markRemoving(tx: ControlTx, id: string): Promise<void> {
  await tx.execute(
    'update control.isolation_canaries set removing_at = coalesce(removing_at, now()) where id = $1',
    [id],
  );
}

export type Left = { kind: 'tenant' | 'account'; id: string };

/** What a run made and nobody has removed yet. */
export function listCanaries(tx: ControlTx, runId: string): Promise<Left[]> {
  return tx.query<Left>(
    `select canary.kind, canary.id from control.isolation_canaries canary
     where canary.run_id = $1 and canary.removed_at is null order by canary.kind desc`,
    [runId],
  );
}

export async function markRemoved(tx: ControlTx, id: string): Promise<void> {
  await tx.execute('update control.isolation_canaries set removed_at = now() where id = $1', [id]);
}

/** Removes the account of a canary with its sessions and memberships; refuses any other account. */
export async function removeAccount(tx: ControlTx, id: string): Promise<void> {
  await tx.query('select control.remove_canary_account($1)', [id]);
}

/** How often the people with these pseudonyms were refused since a moment, by the platform's audit. */
export async function countRefusals(
  tx: ControlTx,
  of: { auditIds: readonly string[]; since: Date },
): Promise<number> {
  const rows = await tx.query<{ count: string }>('select control.count_refusals($1, $2) as count', [
    of.auditIds,
    of.since,
  ]);
  return Number(rows[0]?.count ?? 0);
}
