import { createCipheriv, createDecipheriv, randomFillSync, type KeyObject } from 'node:crypto';

/** Where a ciphertext lives; moved anywhere else, it does not decrypt. */
export type FieldPlace = {
  /** The tenant's id, or `platform`. */
  tenant: string;
  /** The outside service that a secret belongs to; empty where there is none. */
  provider?: string;
  table: string;
  row: string;
  field: string;
};

export type StoredField = { version: number; iv: Buffer; body: Buffer; tag: Buffer };

type VersionedKey = { version: number; object: KeyObject };

const FORMAT = 'cm1';

/** Associated data: each part with its length before it, so that no two places give equal bytes. */
export function associatedData(place: FieldPlace): Buffer {
  const parts = [place.tenant, place.provider ?? '', place.table, place.row, place.field];
  return Buffer.from(parts.map((part) => `${Buffer.byteLength(part)}:${part}`).join('|'));
}

/** AES-256-GCM (NIST SP 800-38D) with a random 96-bit IV; text form `cm1.<version>.<base64url>`. */
export function sealField(
  key: VersionedKey,
  place: FieldPlace,
  plaintext: string | Buffer,
): string {
  const iv = nextIv();
  const cipher = createCipheriv('aes-256-gcm', key.object, iv);
  cipher.setAAD(associatedData(place));
  const body =
    typeof plaintext === 'string' ? cipher.update(plaintext, 'utf8') : cipher.update(plaintext);
  // GCM keeps nothing back: this only makes the tag.
  cipher.final();
  const bytes = Buffer.concat([iv, body, cipher.getAuthTag()]);
  return `${FORMAT}.${key.version}.${bytes.toString('base64url')}`;
}

const IV_BYTES = 12;
const TAG_BYTES = 16;
const pool = Buffer.alloc(IV_BYTES * 512);
let taken = pool.length;

/** A random IV; drawn five hundred at a time, since each draw costs as much as the encryption. */
function nextIv(): Buffer {
  if (taken === pool.length) {
    randomFillSync(pool);
    taken = 0;
  }
  const iv = Buffer.from(pool.subarray(taken, taken + IV_BYTES));
  taken += IV_BYTES;
  return iv;
}

/**
 * Reads the text form. Throws when it is no field of this format, or not written as `sealField`
 * writes it: another spelling of the same bytes would be a change that nobody notices.
 */
export function parseField(stored: string): StoredField {
  const [, version = '', text = ''] = /^cm1\.([1-9]\d{0,8})\.(.*)$/s.exec(stored) ?? [];
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.length < IV_BYTES + TAG_BYTES || bytes.toString('base64url') !== text)
    throw new Error('not an encrypted field');
  return {
    version: Number(version),
    iv: bytes.subarray(0, IV_BYTES),
    body: bytes.subarray(IV_BYTES, -TAG_BYTES),
    tag: bytes.subarray(-TAG_BYTES),
  };
}

/** Throws when a bit, the key or the place differs. */
export function openField(key: KeyObject, place: FieldPlace, stored: StoredField): string {
  return openBytes(key, place, stored).toString('utf8');
}

/** The same field under another key; its text exists as bytes for a moment and is then erased. */
export function rekeyField(
  keys: { from: KeyObject; to: VersionedKey },
  place: FieldPlace,
  stored: StoredField,
): string {
  const plaintext = openBytes(keys.from, place, stored);
  try {
    return sealField(keys.to, place, plaintext);
  } finally {
    plaintext.fill(0);
  }
}

function openBytes(key: KeyObject, place: FieldPlace, stored: StoredField): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, stored.iv, { authTagLength: TAG_BYTES });
  decipher.setAAD(associatedData(place));
  decipher.setAuthTag(stored.tag);
  const body = decipher.update(stored.body);
  // Throws before the caller sees a byte that was not verified; GCM has no bytes left to give here.
  decipher.final();
  return body;
}
