import { VaultError, type VaultClient } from '../../platform/index.ts';
import { namespaceOf } from './namespace.ts';

/** Brings an open namespace its transit engine and the key of the tenant's proof; again changes nothing. */
export async function prepareNamespace(vault: VaultClient, tenantId: string): Promise<void> {
  const space = namespaceOf(tenantId);
  await orThere(vault.write(`${space}/sys/mounts/transit`, { type: 'transit' }));
  const key = { type: 'hmac', key_size: 32 };
  await vault.write(`${space}/transit/keys/tenant-proof`, key);
}

async function orThere(mounting: Promise<unknown>): Promise<void> {
  try {
    await mounting;
  } catch (error) {
    const there = error instanceof VaultError && error.statusCode === 400;
    if (!there || !error.message.includes('already in use')) throw error;
  }
}
