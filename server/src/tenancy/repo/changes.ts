import type { ControlTx } from '../../platform/index.ts';
import type { TenantState } from './tenants.ts';

export type TenantChange = {
  readonly tenantId: string;
  readonly state: TenantState;
  readonly epoch: number;
  readonly changedAt: Date;
};

const COLUMNS = `tenant.id as "tenantId", tenant.state, tenant.epoch, tenant.changed_at as "changedAt"`;

export function listStates(tx: ControlTx, ids: readonly string[]): Promise<TenantChange[]> {
  return tx.query<TenantChange>(
    `select ${COLUMNS} from control.tenants tenant where tenant.id = any($1::uuid[])`,
    [ids.filter((id) => UUID.test(id))],
  );
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Changes since a moment of the database's clock, and two minutes before it: a transaction that was
 * open then may have committed since.
 */
export async function listChangesSince(
  tx: ControlTx,
  since: Date,
): Promise<{ changes: TenantChange[]; now: Date }> {
  const rows = await tx.query<TenantChange & { now: Date }>(
    `select ${COLUMNS}, clock.now from (select clock_timestamp() as now) clock
     left join control.tenants tenant
       on tenant.changed_at > greatest($1::timestamptz, clock.now - interval '10 minutes')
                              - interval '2 minutes'`,
    [since],
  );
  const now = rows[0]?.now ?? since;
  return { now, changes: rows.filter(({ tenantId }) => tenantId !== null) };
}
