import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  randomBytes,
  type KeyObject,
} from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { TenantTexts } from '../../platform/index.ts';

/** How a file is kept while it waits for its reader; null: as it came. */
export type UploadSeal = {
  /** Goes before the contents. */
  readonly head: Buffer;
  seal(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer>;
} | null;

const IV_BYTES = 12;
const TAG_BYTES = 16;

const keyPlace = (id: string): { table: string; row: string; field: string } => ({
  table: 'documents',
  row: id,
  field: 'upload',
});

/**
 * In the tier that holds its own seal an upload never touches the disk in the clear: AES-256-GCM under
 * a key of its own, which stands before it as an encrypted field of the tenant.
 */
export function sealOf(texts: TenantTexts, documentId: string): UploadSeal {
  if (texts.tier === 'standard') return null;
  const key = randomBytes(32);
  const iv = randomBytes(IV_BYTES);
  const wrapped = texts.encrypt(keyPlace(documentId), key.toString('base64'));
  const object = takeKey(key);
  return {
    head: Buffer.concat([Buffer.from(`${wrapped}\n`), iv]),
    seal: async function* (source) {
      const cipher = createCipheriv('aes-256-gcm', object, iv);
      for await (const part of source) yield cipher.update(part);
      yield cipher.final();
      yield cipher.getAuthTag();
    },
  };
}

/** The contents of a sealed upload, in memory alone. Throws when a bit of it was changed. */
export async function openUpload(
  texts: TenantTexts,
  { documentId, file }: { documentId: string; file: string },
): Promise<Buffer> {
  const stored = await readFile(file);
  const end = stored.indexOf('\n');
  const wrapped = stored.subarray(0, end).toString('latin1');
  const key = Buffer.from(texts.decrypt(keyPlace(documentId), wrapped), 'base64');
  const iv = stored.subarray(end + 1, end + 1 + IV_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', takeKey(key), iv, {
    authTagLength: TAG_BYTES,
  });
  decipher.setAuthTag(stored.subarray(-TAG_BYTES));
  const body = stored.subarray(end + 1 + IV_BYTES, -TAG_BYTES);
  return Buffer.concat([decipher.update(body), decipher.final()]);
}

function takeKey(bytes: Buffer): KeyObject {
  const key = createSecretKey(bytes);
  bytes.fill(0);
  return key;
}
