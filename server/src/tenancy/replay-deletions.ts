import type { AuditSource } from '../audit/index.ts';
import { markKeyService, reconcileLedger, requireKnownMark, tenantOfKey } from '../crypto/index.ts';
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
  const keys = (await platform.keys.listKeys()).map(tenantOfKey);
  const spaces = await listNamespaces(platform.vault);
  const remains = await platform.db.inControl((tx) => findRemains(tx, [...deleted]));
  const back = new Set(
    [...remains, ...keys, ...spaces].filter(
      (id): id is string => id !== undefined && deleted.has(id),
    ),
  );
  for (const id of back) {
    await platform.db.inControl((tx) => setTenantState(tx, { id, state: 'dropping' }));
    await removeTenant({ platform, source }, id);
    // Of a tenant that the restored database never knew, only the key is there.
    await platform.keys.destroy(`tenant-${id.replaceAll('-', '')}`);
    await destroyNamespace(platform.vault, id);
  }
  await markKeyService(platform);
  if (back.size > 0)
    platform.log.warn('destroyed tenants were restored; destroyed again', { tenants: back.size });
  return back.size;
}
