import { AppError, type ControlTx, type RequestContext } from '../../platform/index.ts';

export async function findTenantName(tx: ControlTx, tenantId: string): Promise<string | null> {
  const rows = await tx.query<{ name: string }>(
    'select tenant.name from control.tenants tenant where tenant.id = $1',
    [tenantId],
  );
  return rows[0]?.name ?? null;
}

/** Throws not_found for a tenant that is not there, or is being deleted. */
export async function requireTenant(ctx: RequestContext, tenantId: string): Promise<void> {
  const rows = await ctx.inControl((tx) =>
    tx.query(
      `select from control.tenants tenant
       where tenant.id = $1 and tenant.state not in ('dropping', 'dropped')`,
      [tenantId],
    ),
  );
  if (rows.length === 0) throw new AppError('not_found', 'No such tenant');
}
