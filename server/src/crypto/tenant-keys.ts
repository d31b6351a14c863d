import type { ControlTx, FieldEncryptor, KeyBackend, TenantTx } from '../platform/index.ts';
import { createFieldEncryptor, type Rekeyer } from './fields/field-encryptor.ts';
import { createKeyCache, type KeyCache, type KeyMemory } from './fields/key-cache.ts';
import type { KeyOwner } from './fields/key-ring.ts';
import { PLATFORM, platformKeyPlace, tenantKeyPlace } from './key-places.ts';
import { listDataKeys, listPlatformKeys } from './repo/data-keys.ts';

type TenantReader = {
  tenantId: string;
  readTenant: <T>(work: (tx: TenantTx) => Promise<T>) => Promise<T>;
  /** Ends the keys with the request in strict mode. */
  signal: AbortSignal;
};

type PlatformReader = {
  readControl: <T>(work: (tx: ControlTx) => Promise<T>) => Promise<T>;
  signal: AbortSignal;
};

export type TenantKeys = {
  /** Unwraps through the key service once the cache has let go. Throws unavailable when it is away. */
  open(reader: TenantReader): Promise<FieldEncryptor>;
  /** The platform's own key, for the secrets of accounts. */
  openPlatform(reader: PlatformReader): Promise<FieldEncryptor>;
  /** For the background job that moves fields to the current key. */
  openRekeyer(reader: TenantReader | PlatformReader): Promise<Rekeyer>;
  /** Forgets a tenant's unwrapped keys at once: it was closed, sealed or removed. */
  erase(tenantId: string): void;
  /** For the watch alone, which sees whose keys may stay (`watch-keys.ts`). */
  readonly held: Pick<KeyCache, 'owners' | 'renew'>;
  /** How many owners' unwrapped keys are in memory. */
  size(): number;
};

export function createTenantKeys(backend: KeyBackend, memory: KeyMemory): TenantKeys {
  const cache = createKeyCache(backend, memory);
  const open = async (reader: TenantReader | PlatformReader): Promise<Rekeyer> => {
    const owner = ownerOf(reader);
    return createFieldEncryptor(owner.name, await cache.open(owner, reader.signal));
  };
  return {
    open,
    openPlatform: open,
    openRekeyer: open,
    erase: cache.erase,
    held: cache,
    size: cache.size,
  };
}

function ownerOf(reader: TenantReader | PlatformReader): KeyOwner {
  if ('tenantId' in reader)
    return {
      name: reader.tenantId,
      place: tenantKeyPlace(reader.tenantId),
      listKeys: () => reader.readTenant((tx) => listDataKeys(tx)),
    };
  return {
    name: PLATFORM,
    place: platformKeyPlace,
    listKeys: () => reader.readControl((tx) => listPlatformKeys(tx)),
  };
}
