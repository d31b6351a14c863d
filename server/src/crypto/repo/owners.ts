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

/** Those whose name holds `search`, a page in the order of their making, the platform before all. */
export async function listOwners(
  tx: ControlTx,
  { search, after, limit }: { search: string; after: string | null; limit: number },
): Promise<OwnerRow[]> {
  const rows = await tx.query<OwnerRow>(
    `select ${COLUMNS} from control.tenants tenant
     where tenant.state not in ('dropped', 'dropping') and tenant.purpose = 'tenant'
       and ($1::uuid is null or tenant.id > $1)
       and position(lower($3) in lower(tenant.name)) > 0
     order by tenant.id limit $2`,
    [after, limit, search],
  );
  const named = THE_PLATFORM.name.toLowerCase().includes(search.toLowerCase());
  return after === null && named ? [THE_PLATFORM, ...rows] : rows;
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
