import { createSecretKey, type KeyObject } from 'node:crypto';
import { AppError, VaultError, type KeyBackend, type KeyPlace } from '../../platform/index.ts';

export type KeyState = 'next' | 'current' | 'old' | 'retired';
export type WrappedKey = { version: number; wrapped: string; state: KeyState };

/** Where the keys of one owner, a tenant or the platform, are read and unwrapped. */
export type KeyOwner = {
  /** First part of the associated data: the tenant's id, or `platform`. */
  readonly name: string;
  readonly place: KeyPlace;
  /** The wrapped keys that are not retired. */
  readonly listKeys: () => Promise<readonly WrappedKey[]>;
};

/** Unwrapped data keys by version; `current` seals, the others only open. */
export type KeyRing = { readonly current: number; readonly keys: Map<number, KeyObject> };

/**
 * Unwraps an owner's data keys in one call. Tries once more when the key service refuses: the keys
 * may have been re-wrapped since they were read. Throws unavailable when it is away or sealed.
 */
export async function loadKeyRing(backend: KeyBackend, owner: KeyOwner): Promise<KeyRing> {
  try {
    return await unwrapAll(backend, owner);
  } catch (error) {
    if (!(error instanceof VaultError)) throw error;
  }
  try {
    return await unwrapAll(backend, owner);
  } catch (error) {
    if (!(error instanceof VaultError)) throw error;
    throw new AppError('unreadable', 'The key service refuses the key of this data', {
      cause: error,
    });
  }
}

async function unwrapAll(backend: KeyBackend, owner: KeyOwner): Promise<KeyRing> {
  const rows = await owner.listKeys();
  const current = rows.find(({ state }) => state === 'current');
  if (!current) throw new AppError('unavailable', 'There is no data key yet; try again soon');
  const unwrapped = await backend.unwrap(
    owner.place,
    rows.map(({ wrapped }) => wrapped),
  );
  const keys = rows.map(({ version }, at): [number, KeyObject] => [
    version,
    keyOf(unwrapped[at] ?? Buffer.alloc(0)),
  ]);
  return { current: current.version, keys: new Map(keys) };
}

/** The buffer is erased; the KeyObject's own copy is, when it is collected. */
function keyOf(bytes: Buffer): KeyObject {
  try {
    if (bytes.length !== 32) throw new Error('a data key is not of 256 bits');
    return createSecretKey(bytes);
  } finally {
    bytes.fill(0);
  }
}
