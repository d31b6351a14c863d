import type { EncryptedColumn, Platform, TenantScope } from '../../platform/index.ts';
import { createFieldEncryptor } from '../fields/field-encryptor.ts';
import { createKeyCache } from '../fields/key-cache.ts';
import type { WrappedKey } from '../fields/key-ring.ts';
import { tenantKeyPlace } from '../key-places.ts';
import type { TenantKeys } from '../tenant-keys.ts';
import { rewriteFields } from './rewrite-fields.ts';

type Parts = {
  platform: Platform;
  tenantKeys: TenantKeys;
  openTenant: (tenantId: string) => Promise<TenantScope>;
  columns: readonly EncryptedColumn[];
  signal: AbortSignal;
};

type Move = {
  /** Whose fields they are, with the data keys that open them. */
  from: string;
  keys: readonly WrappedKey[];
  /** In whose schema they lie, row for row under the same ids. */
  to: string;
};

/**
 * Encrypts the fields of one tenant, copied into the schema of another, under the keys and the name of
 * that one. Gives how many. Throws when one does not open.
 */
export async function resealFields(parts: Parts, { from, keys, to }: Move): Promise<number> {
  const { platform, tenantKeys, openTenant, columns, signal } = parts;
  const { config, db } = platform;
  const seconds = config.CASEMATE_DATA_KEY_SECONDS;
  const cache = createKeyCache(platform.keys, { seconds, uses: Number.MAX_SAFE_INTEGER });
  const owner = {
    name: from,
    place: tenantKeyPlace(from),
    listKeys: () => Promise.resolve(keys),
  };
  let fields = 0;
  try {
    const { faults } = await rewriteFields({
      door: async (work) => db.inRekeyer({ ...(await openTenant(to)), mustStayOpen: true }, work),
      columns,
      openFields: async () => {
        const source = createFieldEncryptor(from, await cache.open(owner, signal));
        const scope = await openTenant(to);
        const target = await tenantKeys.openRekeyer({
          tenantId: to,
          readTenant: (work) => db.readTenant(scope, work),
          signal,
        });
        const rekey: typeof target.rekey = (place, stored) =>
          target.encrypt(place, source.decrypt(place, stored));
        return { ...target, rekey };
      },
      backfill: false,
      progress: (done) => {
        fields = done;
        return Promise.resolve(true);
      },
      signal,
    });
    if (faults.length > 0) throw new Error(`fields could not be opened: ${faults.join('; ')}`);
    return fields;
  } finally {
    cache.erase(from);
  }
}
