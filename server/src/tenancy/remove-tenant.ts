import { recordOnPlatform, type AuditSource } from '../audit/index.ts';
import { markKeyService, recordDeletion, transitKeyName } from '../crypto/index.ts';
import { tenantName, type Platform } from '../platform/index.ts';
import { lockTenant, setTenantState } from './repo/tenants.ts';
import { destroyNamespace } from './seal/namespace.ts';

type Work = { platform: Platform; source: AuditSource };

/**
 * Writes the tenant into the ledger of deletions, then destroys its key first, so that what is left
 * anywhere is unreadable whatever happens next, then its schema and role. Running it again after an
 * interruption completes it.
 */
export async function removeTenant({ platform, source }: Work, tenantId: string): Promise<void> {
  const known = await platform.db.inControl((tx) => lockTenant(tx, tenantId));
  if (known?.state !== 'dropping') return;
  await recordDeletion(platform, tenantId, platform.clock.now());
  if (known.tier === 'sealed') await destroyNamespace(platform.vault, tenantId);
  else await platform.keys.destroy(transitKeyName(tenantId));
  const name = tenantName(tenantId);
  await platform.db.inControl(async (tx) => {
    await tx.query('set local role casemate_migrator');
    await tx.query(`drop schema if exists "${name}" cascade`);
    await tx.query('reset role');
    const [role] = await tx.query('select from pg_roles role where role.rolname = $1', [name]);
    if (role) await tx.query(`drop role "${name}"`);
    await setTenantState(tx, { id: tenantId, state: 'dropped' });
    await recordOnPlatform(tx, source, {
      action: 'tenant.remove',
      resourceType: 'tenant',
      resourceId: tenantId,
      tenantId,
    });
  });
  await markKeyService(platform);
}
