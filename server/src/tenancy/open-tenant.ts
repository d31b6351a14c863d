import type { Database, TenantScope, VaultClient } from '../platform/index.ts';
import { AppError } from '../platform/index.ts';
import { makeProof } from './proof-of-tenant.ts';
import { findTenant, type Tenant } from './repo/tenants.ts';
import { inNamespace } from './seal/key-paths.ts';
import { closedError, type TenantChanges } from './tenant-changes.ts';

export type OpenTenant = (
  tenantId: string,
  accountId: string | null,
  /** For the audit sequencer alone: row security lets nobody else into a suspended tenant. */
  options?: { evenSuspended?: boolean },
) => Promise<TenantScope>;

type Known = Pick<Tenant, 'state' | 'epoch' | 'bucket' | 'tier'> & { expiresAt: number };
type Held = { epoch: number; proof: string; expiresAt: number };

/** A change is heard of at once; this is for what was not heard. */
const STATE_TTL_MS = 1_000;
const PROOF_TTL_MS = 60 * 60_000;
/** Of ten thousand tenants; the oldest goes first. */
const MOST_HELD = 10_000;

type Options = { db: Database; vault: VaultClient; changes: TenantChanges; now?: () => number };

/**
 * Opens tenants for transactions: checks that the tenant is active, and gets its proof from the key
 * service, kept for an hour. A tenant whose state changes is forgotten at once. Throws not_found
 * for one that doesn't exist, suspended, sealed or not_allowed_now for one that is closed.
 */
export function createOpenTenant({ db, vault, changes, now = Date.now }: Options): OpenTenant {
  const proofs = new Map<string, Held>();
  const states = new Map<string, Known>();
  changes.onTenantChange(({ tenantId, state, epoch }) => {
    states.delete(tenantId);
    if (state !== 'active' || proofs.get(tenantId)?.epoch !== epoch) proofs.delete(tenantId);
  });

  const find = async (tenantId: string): Promise<Known> => {
    const known = states.get(tenantId);
    if (known && known.expiresAt > now()) return known;
    states.delete(tenantId);
    const tenant = await db.readControl((tx) => findTenant(tx, tenantId));
    if (!tenant) throw new AppError('not_found', 'No such tenant');
    const { state, epoch, bucket, tier } = tenant;
    const found = { state, epoch, bucket, tier, expiresAt: now() + STATE_TTL_MS };
    hold(states, tenantId, found);
    return found;
  };
  return async (tenantId, accountId, { evenSuspended = false } = {}) => {
    const { state, epoch, bucket, tier } = await find(tenantId);
    const open = state === 'active' || (evenSuspended && state === 'suspended');
    if (!open) throw closedError(state);
    let held = proofs.get(tenantId);
    if (held?.epoch !== epoch || held.expiresAt <= now()) {
      const proof = await makeProof(inNamespace(vault, { id: tenantId, tier }), {
        id: tenantId,
        epoch,
      });
      held = { epoch, proof, expiresAt: now() + PROOF_TTL_MS };
      hold(proofs, tenantId, held);
    }
    return { tenantId, bucket, proof: held.proof, accountId };
  };
}

function hold<T>(map: Map<string, T>, key: string, value: T): void {
  const [oldest] = map.keys();
  if (map.size >= MOST_HELD && oldest !== undefined) map.delete(oldest);
  map.set(key, value);
}
