import { createCipheriv, createDecipheriv, randomBytes, type KeyObject } from 'node:crypto';

/** Where a ciphertext lives; moved anywhere else, it does not decrypt. */
export type FieldPlace = {
  tenant: string;
  /** The outside service that a secret belongs to; empty where there is none. */
  provider?: string;
  table: string;
  row: string;
  field: string;
};

export type StoredField = { version: number; iv: Buffer; body: Buffer; tag: Buffer };

const FORMAT = 'cm1';

/** Associated data: each part with its length before it, so that no two places give equal bytes. */
export function associatedData(place: FieldPlace): Buffer {
  const parts = [place.tenant, place.provider ?? '', place.table, place.row, place.field];
  return Buffer.from(parts.map((part) => `${Buffer.byteLength(part)}:${part}`).join('|'));
}

/** AES-256-GCM (NIST SP 800-38D) with a random 96-bit IV; text form `cm1.<version>.<base64url>`. */
export function sealField(
  key: { version: number; object: KeyObject },
  place: FieldPlace,
  plaintext: string,
): string {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key.object, iv);
  cipher.setAAD(associatedData(place));
  const body = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()]);
  const bytes = Buffer.concat([iv, body, cipher.getAuthTag()]);
  return `${FORMAT}.${key.version}.${bytes.toString('base64url')}`;
}

/** Reads the text form. Throws when it is no field of this format. */
export function parseField(stored: string): StoredField {
  const match = /^cm1\.(\d{1,9})\.([A-Za-z0-9_-]{38,})$/.exec(stored);
  if (!match?.[1] || !match[2]) throw new Error('not an encrypted field');
  const bytes = Buffer.from(match[2], 'base64url');
  return {
    version: Number(match[1]),
    iv: bytes.subarray(0, 12),
    body: bytes.subarray(12, -16),
    tag: bytes.subarray(-16),
  };
}

/** Throws when a bit, the key or the place differs. */
export function openField(key: KeyObject, place: FieldPlace, stored: StoredField): string {
  const decipher = createDecipheriv('aes-256-gcm', key, stored.iv, { authTagLength: 16 });
  decipher.setAAD(associatedData(place));
  decipher.setAuthTag(stored.tag);
  return Buffer.concat([decipher.update(stored.body), decipher.final()]).toString('utf8');
}
