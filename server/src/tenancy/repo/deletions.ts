import type { ControlTx } from '../../platform/index.ts';

export type DeletedTenant = {
  tenantId: string;
  name: string;
  deletedAt: Date;
  /** Of its entry in the ledger of deletions. */
  seq: number;
  hash: string;
  /** Its schema, role and keys are gone; before that it is being deleted. */
  removed: boolean;
};

const DELETED = `select tenant.id as "tenantId", tenant.name, deletion.deleted_at as "deletedAt",
    deletion.seq::float8 as seq, deletion.hash, tenant.state = 'dropped' as removed
  from control.deletion_ledger deletion
  join control.tenants tenant on tenant.id = deletion.tenant_id
  where tenant.purpose = 'tenant'`;

/** The newest first; those that the appliance made for itself are not among them. */
export function listDeletedTenants(tx: ControlTx, limit: number): Promise<DeletedTenant[]> {
  return tx.query<DeletedTenant>(`${DELETED} order by deletion.seq desc limit $1`, [limit]);
}

/** By its entry in the ledger, its id or its name; of several with the name the one that was deleted last. */
export async function findDeletedTenant(
  tx: ControlTx,
  which: string | number,
): Promise<DeletedTenant | undefined> {
  if (typeof which === 'number') {
    const [found] = await tx.query<DeletedTenant>(`${DELETED} and deletion.seq = $1`, [which]);
    return found;
  }
  const [found] = await tx.query<DeletedTenant>(
    `${DELETED} and (tenant.id::text = lower($1) or lower(tenant.name) = lower($1))
     order by tenant.id::text = lower($1) desc, deletion.seq desc limit 1`,
    [which],
  );
  return found;
}
