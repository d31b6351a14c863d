import { AppError, type Database, type TenantScope, type VaultClient } from '../platform/index.ts';
import { makeProof } from './proof-of-tenant.ts';
import { findTenant } from './repo.ts';

export type OpenTenant = (tenantId: string, accountId: string | null) => Promise<TenantScope>;

type Held = { epoch: number; proof: string; expiresAt: number };

const STATE_TTL_MS = 2_000;
const PROOF_TTL_MS = 10 * 60_000;

/**
 * Opens tenants for transactions: checks at most two seconds late that the tenant is active, and
 * gets its proof from the key service, kept for ten minutes. Throws not_found for a tenant that
 * doesn't exist, not_allowed_now for one that is not active.
 */
export function createOpenTenant(db: Database, vault: VaultClient, now = Date.now): OpenTenant {
  const proofs = new Map<string, Held>();
  const states = new Map<string, { epoch: number; expiresAt: number }>();

  const epochOf = async (tenantId: string): Promise<number> => {
    const known = states.get(tenantId);
    if (known && known.expiresAt > now()) return known.epoch;
    states.delete(tenantId);
    const tenant = await db.readControl((tx) => findTenant(tx, tenantId));
    if (!tenant || tenant.state === 'dropped') throw new AppError('not_found', 'No such tenant');
    if (tenant.state !== 'active')
      throw new AppError('not_allowed_now', `The tenant is not open now (${tenant.state})`);
    states.set(tenantId, { epoch: tenant.epoch, expiresAt: now() + STATE_TTL_MS });
    return tenant.epoch;
  };
  return async (tenantId, accountId) => {
    const epoch = await epochOf(tenantId);
    let held = proofs.get(tenantId);
    if (held?.epoch !== epoch || held.expiresAt <= now()) {
      const proof = await makeProof(vault, { id: tenantId, epoch });
      held = { epoch, proof, expiresAt: now() + PROOF_TTL_MS };
      proofs.set(tenantId, held);
    }
    return { tenantId, proof: held.proof, accountId };
  };
}
