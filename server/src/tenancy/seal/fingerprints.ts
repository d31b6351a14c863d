import { createSecretKey, type KeyObject } from 'node:crypto';
import type { VaultClient } from '../../platform/index.ts';
import type { TenantChanges } from '../tenant-changes.ts';
import { namespaceOf } from './namespace.ts';

/** The keys under which sealed tenants tell equal files apart; gone when a tenant is sealed. */
export type Fingerprints = { keyOf(tenantId: string): Promise<KeyObject> };

const HELD_MS = 60_000;

export function createFingerprints(
  vault: VaultClient,
  changes: Pick<TenantChanges, 'onTenantChange'>,
): Fingerprints {
  const held = new Map<string, Promise<KeyObject>>();
  changes.onTenantChange(({ tenantId, state }) => {
    if (state !== 'active') held.delete(tenantId);
  });
  return {
    keyOf: (tenantId) => {
      const known = held.get(tenantId);
      if (known) return known;
      const made = makeKey(vault, tenantId);
      held.set(tenantId, made);
      made.catch(() => held.delete(tenantId));
      setTimeout(() => held.delete(tenantId), HELD_MS).unref();
      return made;
    },
  };
}

async function makeKey(vault: VaultClient, tenantId: string): Promise<KeyObject> {
  const input = Buffer.from(`fingerprint|${tenantId}`).toString('base64');
  const path = `${namespaceOf(tenantId)}/transit/hmac/tenant-proof/sha2-256`;
  const [, , mac] = String((await vault.write(path, { input }))['hmac']).split(':');
  const bytes = Buffer.from(mac ?? '', 'base64');
  if (bytes.length !== 32) throw new Error('the key service gave no fingerprint key');
  const key = createSecretKey(bytes);
  bytes.fill(0);
  return key;
}
