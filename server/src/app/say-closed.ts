import { AppError, TenantClosed, type Database, type TenantScope } from '../platform/index.ts';
import { closedError, findTenant } from '../tenancy/index.ts';

/** The database refuses a write to a tenant that it does not see. */
const REFUSED = '42501';

/**
 * Runs a transaction of a tenant. When the tenant was closed before its end the caller hears that, and
 * not what a tenant without rows made of it: that something was not found, or is gone.
 */
export async function sayClosed<T>(
  db: Pick<Database, 'readControl'>,
  { tenantId }: TenantScope,
  run: () => Promise<T>,
): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!mayComeFromClosing(error)) throw error;
    const tenant = await db.readControl((tx) => findTenant(tx, tenantId)).catch(() => undefined);
    if (tenant && tenant.state !== 'active') throw closedError(tenant.state);
    if (error instanceof TenantClosed)
      throw new AppError('unavailable', 'This tenant was closed for a moment; try again', {
        cause: error,
        retryAfterSeconds: 1,
      });
    throw error;
  }
}

function mayComeFromClosing(error: unknown): boolean {
  if (error instanceof TenantClosed || error instanceof AppError) return true;
  return (error as { code?: unknown } | null)?.code === REFUSED;
}
