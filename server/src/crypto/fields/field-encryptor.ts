import type { KeyObject } from 'node:crypto';
import { AppError, type FieldEncryptor } from '../../platform/index.ts';
import { openField, parseField, rekeyField, sealField } from '../envelope.ts';
import type { HeldKeys } from './key-cache.ts';
import type { KeyRing } from './key-ring.ts';

type Place = Parameters<FieldEncryptor['encrypt']>[0];

/** What the background job has beside the rooms: it moves fields to the current key unread. */
export type Rekeyer = FieldEncryptor & {
  /** The field under the current version, or null when it is that already. */
  rekey(place: Place, stored: string): string | null;
  current(): number;
};

/** Encrypts and decrypts the fields of one owner, a tenant or the platform. */
export function createFieldEncryptor(tenant: string, held: HeldKeys): Rekeyer {
  const current = (): Parameters<typeof sealField>[0] => {
    const ring = held.ring();
    return { version: ring.current, object: keyOf(ring, ring.current) };
  };
  return {
    current: () => held.ring().current,
    encrypt: (place, plaintext) => {
      held.countUse();
      return sealField(current(), { ...place, tenant }, plaintext);
    },
    decrypt: (place, stored) => {
      held.countUse();
      const ring = held.ring();
      return readable(() => {
        const field = parseField(stored);
        return openField(keyOf(ring, field.version), { ...place, tenant }, field);
      });
    },
    rekey: (place, stored) => {
      const to = current();
      return readable(() => {
        const field = parseField(stored);
        if (field.version === to.version) return null;
        held.countUse();
        const from = keyOf(held.ring(), field.version);
        return rekeyField({ from, to }, { ...place, tenant }, field);
      });
    },
  };
}

function keyOf(ring: KeyRing, version: number): KeyObject {
  const key = ring.keys.get(version);
  if (!key) throw new Error(`no data key of version ${version}`);
  return key;
}

/** Whatever is wrong with a stored field, its reader learns only that, and never a part of it. */
function readable<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new AppError(
      'unreadable',
      'A stored text cannot be opened: it was changed or moved, or its key version is retired',
      { cause: error },
    );
  }
}
