import { recordOnPlatform, type AuditSource } from '../audit/index.ts';
import { transitKeyName } from '../crypto/index.ts';
import { tenantName, VaultError, type Platform } from '../platform/index.ts';
import { lockTenant, setTenantState } from './repo/tenants.ts';

type Work = { platform: Platform; source: AuditSource };

/**
 * Destroys the tenant's key first, so that what is left anywhere is unreadable whatever happens
 * next, then its schema and role. Running it again after an interruption completes it.
 */
export async function removeTenant({ platform, source }: Work, tenantId: string): Promise<void> {
  const known = await platform.db.inControl((tx) => lockTenant(tx, tenantId));
  if (known?.state !== 'dropping') return;
  await destroyKey(platform, tenantId);
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
}

/** Destroys the tenant's wrapping key and makes sure that it is gone; a second run finds it so. */
async function destroyKey({ vault }: Platform, tenantId: string): Promise<void> {
  const key = `transit/keys/${transitKeyName(tenantId)}`;
  if (await isGone(vault, key)) return;
  await vault.write(`${key}/config`, { deletion_allowed: true });
  await vault.remove(key);
  if (!(await isGone(vault, key))) throw new Error('the key of the tenant is still there');
}

async function isGone(vault: Platform['vault'], key: string): Promise<boolean> {
  try {
    await vault.read(key);
    return false;
  } catch (error) {
    if (error instanceof VaultError && error.statusCode === 404) return true;
    throw error;
  }
}
