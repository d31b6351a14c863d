import { createSecretKey, type KeyObject } from 'node:crypto';
import {
  AppError,
  type FieldEncryptor,
  type TenantTx,
  type VaultClient,
} from '../platform/index.ts';
import { openField, parseField, sealField } from './envelope.ts';
import { listDataKeys } from './repo.ts';

/** The tenant's unwrapped data keys by version; `current` seals. */
type KeyRing = { current: number; keys: ReadonlyMap<number, KeyObject> };

type Reader = {
  tenantId: string;
  readTenant: <T>(work: (tx: TenantTx) => Promise<T>) => Promise<T>;
};

export type TenantKeys = {
  /** Unwraps through the key service once the cache has let go. Throws unavailable when it is away. */
  open(reader: Reader): Promise<FieldEncryptor>;
};

/** Control ENC-04: unwrapped keys are held in memory for a bounded time and number of uses. */
export const DATA_KEY_TTL_MS = 60_000;
export const DATA_KEY_USES = 1_000_000;

/** The name of a tenant's wrapping key in the transit engine. */
export function transitKeyName(tenantId: string): string {
  return `tenant-${tenantId.replaceAll('-', '')}`;
}

/** The derivation context of a tenant's wrapping key, base64 as the transit engine wants it. */
export function wrappingContext(tenantId: string): string {
  return Buffer.from(`casemate|${tenantId}`).toString('base64');
}

export function createTenantKeys(vault: VaultClient, now: () => number = Date.now): TenantKeys {
  type Held = { ring: Promise<KeyRing>; expiresAt: number; usesLeft: number };
  const held = new Map<string, Held>();

  const load = async (reader: Reader): Promise<KeyRing> => {
    const rows = await reader.readTenant((tx) => listDataKeys(tx));
    const current = rows.find(({ state }) => state === 'current');
    if (!current) throw new AppError('unavailable', 'The tenant has no data key yet');
    const keys = new Map<number, KeyObject>();
    for (const { version, wrapped } of rows)
      keys.set(version, await unwrap(vault, reader.tenantId, wrapped));
    return { current: current.version, keys };
  };
  const forgetExpired = (): void => {
    for (const [id, { expiresAt }] of held) if (expiresAt <= now()) held.delete(id);
  };
  return {
    open: async (reader) => {
      forgetExpired();
      let entry = held.get(reader.tenantId);
      if (!entry || entry.usesLeft <= 0) {
        entry = {
          ring: load(reader),
          expiresAt: now() + DATA_KEY_TTL_MS,
          usesLeft: DATA_KEY_USES,
        };
        held.set(reader.tenantId, entry);
        const opened = entry;
        opened.ring.catch(() => {
          if (held.get(reader.tenantId) === opened) held.delete(reader.tenantId);
        });
      }
      const used = entry;
      return encryptorOf(reader.tenantId, await used.ring, () => (used.usesLeft -= 1));
    },
  };
}

function encryptorOf(tenant: string, ring: KeyRing, count: () => void): FieldEncryptor {
  const keyOf = (version: number): KeyObject => {
    const key = ring.keys.get(version);
    if (!key) throw new Error(`no data key of version ${version}`);
    return key;
  };
  return {
    encrypt: (place, plaintext) => {
      count();
      const key = { version: ring.current, object: keyOf(ring.current) };
      return sealField(key, { ...place, tenant }, plaintext);
    },
    decrypt: (place, stored) => {
      count();
      const field = parseField(stored);
      return openField(keyOf(field.version), { ...place, tenant }, field);
    },
  };
}

async function unwrap(
  vault: VaultClient,
  tenantId: string,
  ciphertext: string,
): Promise<KeyObject> {
  const answer = await vault.write(`transit/decrypt/${transitKeyName(tenantId)}`, {
    ciphertext,
    context: wrappingContext(tenantId),
  });
  const bytes = Buffer.from(String(answer['plaintext']), 'base64');
  const key = createSecretKey(bytes);
  bytes.fill(0);
  return key;
}
