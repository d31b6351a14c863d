import { recordOnPlatform, type AuditSource } from '../audit/index.ts';
import { enqueueProvisioning, type ControlTx } from '../platform/index.ts';
import { listHalfDone, setTenantState } from './repo/tenants.ts';

export const BUILD_FAILED =
  'The tenant could not be built; see the log of the provisioner, then try again';

/**
 * Takes up tenants that are half made or half removed and for which no job waits: their job was lost,
 * or its workers died each time. A self-check's tenant that nobody removed is removed after an hour.
 * Gives how many there were.
 */
export async function takeUpHalfDone(tx: ControlTx, source: AuditSource): Promise<number> {
  const found = await listHalfDone(tx);
  for (const { id, state, gaveUp } of found) {
    const place = { resourceType: 'tenant', resourceId: id, tenantId: id };
    if (state === 'provisioning' && gaveUp) {
      await setTenantState(tx, { id, state: 'failed', error: BUILD_FAILED });
      await recordOnPlatform(tx, source, { ...place, action: 'tenant.fail' });
      continue;
    }
    if (state === 'provisioning') {
      await enqueueProvisioning(tx, { kind: 'tenant.create', tenantId: id });
      continue;
    }
    if (state !== 'dropping') {
      await setTenantState(tx, { id, state: 'dropping' });
      await recordOnPlatform(tx, source, { ...place, action: 'tenant.delete' });
    }
    await enqueueProvisioning(tx, { kind: 'tenant.drop', tenantId: id });
  }
  return found.length;
}
