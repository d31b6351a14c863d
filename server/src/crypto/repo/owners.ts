import type { ControlTx } from '../../platform/index.ts';

/** Who owns keys: a tenant, or the platform (null). */
export type OwnerRow = {
  tenantId: string | null;
  name: string;
  state: string;
  holdsSeal: boolean;
};

const THE_PLATFORM: OwnerRow = {
  tenantId: null,
  name: 'Platform',
  state: 'active',
  holdsSeal: false,
};

const COLUMNS = `tenant.id as "tenantId", tenant.name, tenant.state,
  (tenant.tier = 'sealed') as "holdsSeal"`;

/** A page in the order of their making, the platform before all. */
export async function listOwners(
  tx: ControlTx,
  { after, limit }: { after: string | null; limit: number },
): Promise<OwnerRow[]> {
  const rows = await tx.query<OwnerRow>(
    `select ${COLUMNS} from control.tenants tenant
     where tenant.state not in ('dropped', 'dropping') and tenant.purpose = 'tenant'
       and ($1::uuid is null or tenant.id > $1)
     order by tenant.id limit $2`,
    [after, limit],
  );
  return after === null ? [THE_PLATFORM, ...rows] : rows;
}

export async function findOwner(
  tx: ControlTx,
  tenantId: string | null,
): Promise<OwnerRow | undefined> {
  if (tenantId === null) return THE_PLATFORM;
  const rows = await tx.query<OwnerRow>(
    `select ${COLUMNS} from control.tenants tenant
     where tenant.id = $1 and tenant.state not in ('dropped', 'dropping')`,
    [tenantId],
  );
  return rows[0];
}
