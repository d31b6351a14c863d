import type { AuditSource } from '../audit/index.ts';
import {
  markKeyService,
  reconcileLedger,
  requireKnownMark,
  tenantOfKey,
  transitKeyName,
} from '../crypto/index.ts';
import type { Platform } from '../platform/index.ts';
import { removeTenant } from './remove-tenant.ts';
import { findRemains, setTenantState } from './repo/tenants.ts';
import { destroyNamespace, listNamespaces } from './seal/namespace.ts';

/**
 * Destroys again what the ledger of deletions names and a restored backup has brought back: schema,
 * role and state in the database, keys in the key service. Returns how many tenants that were. Runs
 * before the provisioner takes any job; the server serves only when it is through. Throws when the
 * ledger is behind the key service.
 */
export async function replayDeletions(platform: Platform, source: AuditSource): Promise<number> {
  const deleted = new Set((await reconcileLedger(platform)).map(({ tenantId }) => tenantId));
  await requireKnownMark(platform);
  if (deleted.size === 0) return 0;
  const keys = await findKeysOf(platform, deleted);
  const remains = await platform.db.inControl((tx) => findRemains(tx, [...deleted]));
  const back = new Set([...remains.filter((id) => deleted.has(id)), ...keys]);
  for (const id of back) {
    await platform.db.inControl((tx) => setTenantState(tx, { id, state: 'dropping' }));
    await removeTenant({ platform, source }, id);
    // Of a tenant that the restored database never knew, only the key is there.
    await destroyKeys(platform, id);
  }
  await markKeyService(platform);
  if (back.size > 0)
    platform.log.warn('destroyed tenants were restored; destroyed again', { tenants: back.size });
  return back.size;
}

/**
 * Destroys what the key service still, or again, holds of tenants that the ledger of deletions names: a
 * provisioner that was killed while it made one can leave a key whose making arrived after the removal.
 * Gives how many there were. The ledger decides alone: what the table of tenants says destroys nothing.
 */
export async function sweepKeys(platform: Platform): Promise<number> {
  const deleted = new Set((await reconcileLedger(platform)).map(({ tenantId }) => tenantId));
  if (deleted.size === 0) return 0;
  const left = await findKeysOf(platform, deleted);
  for (const id of left) await destroyKeys(platform, id);
  return left.length;
}

async function findKeysOf(
  { keys, vault }: Platform,
  deleted: ReadonlySet<string>,
): Promise<string[]> {
  const found = [...(await keys.listKeys()).map(tenantOfKey), ...(await listNamespaces(vault))];
  return found.filter((id): id is string => id !== undefined && deleted.has(id));
}

async function destroyKeys({ keys, vault }: Platform, id: string): Promise<void> {
  await keys.destroy(transitKeyName(id));
  await destroyNamespace(vault, id);
}
