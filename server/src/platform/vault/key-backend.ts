import type { Config } from '../config/config-schema.ts';
import { createLocalKeys } from './local-keys.ts';
import { createTransitKeys } from './transit-keys.ts';
import type { VaultClient } from './vault-client.ts';

/** A wrapping key and the context that is mixed into it: one owner's wrapped keys open for no other. */
export type KeyPlace = { readonly key: string; readonly context: string };

export type KeyVersions = {
  readonly latest: number;
  /** Versions below are refused: what they wrapped opens no longer. */
  readonly oldestOpening: number;
  readonly createdAt: ReadonlyMap<number, Date>;
  /** The key service would hand its bytes out; never true of a key made here. */
  readonly exportable: boolean;
};

/**
 * Where wrapping keys live. Rooms don't see it: before them stands `FieldEncryptor`. A data key is
 * 256 random bits that the backend draws and wraps; wrapped text begins `<backend>:v<version>:`.
 */
export type KeyBackend = {
  /** For people; of the local one it says INSECURE. */
  readonly label: string;
  readonly insecure: boolean;
  /** Makes the key if it isn't there. */
  create(key: string): Promise<void>;
  find(key: string): Promise<KeyVersions | undefined>;
  listKeys(): Promise<string[]>;
  /** Adds a version; what older ones wrapped still opens. */
  rotate(key: string): Promise<void>;
  refuseBefore(key: string, version: number): Promise<void>;
  /** For good, with all versions. A key that isn't there is no error. */
  destroy(key: string): Promise<void>;
  wrapNew(place: KeyPlace): Promise<string>;
  /** In order, in one call. The caller erases the buffers. Throws when one is refused. */
  unwrap(place: KeyPlace, wrapped: readonly string[]): Promise<Buffer[]>;
  /** The same data key under the latest version, without showing it. */
  rewrap(place: KeyPlace, wrapped: string): Promise<string>;
};

/** The version of the wrapping key under which a data key was wrapped. Throws for other text. */
export function wrappingVersion(wrapped: string): number {
  const match = /^[a-z]+:v(\d{1,9}):/.exec(wrapped);
  if (!match) throw new Error('not a wrapped key');
  return Number(match[1]);
}

/** The key service, or in development a directory of keys; production knows the first only. */
export function createKeyBackend(config: Config, vault: VaultClient): KeyBackend {
  return config.CASEMATE_DEVELOPMENT_KEYS_DIR && config.CASEMATE_MODE !== 'production'
    ? createLocalKeys(config.CASEMATE_DEVELOPMENT_KEYS_DIR)
    : createTransitKeys(vault);
}
