import { AppError, type ControlTx } from '../../platform/index.ts';
import { findSeal, type Seal } from './repo.ts';

/** Throws not_found for no tenant, not_allowed_now for one of the standard tier. */
export async function requireSeal(tx: ControlTx, tenantId: string): Promise<Seal> {
  const seal = await findSeal(tx, tenantId);
  if (seal) return seal;
  throw new AppError(
    'not_allowed_now',
    'This tenant holds no seal of its own; the tier is chosen when a tenant is made',
  );
}
