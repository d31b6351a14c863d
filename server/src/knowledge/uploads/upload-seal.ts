import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  randomBytes,
  type KeyObject,
} from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { TenantTexts } from '../../platform/index.ts';
import { places } from '../field-places.ts';

/** How a file is kept while it waits for its reader; null: as it came. */
export type UploadSeal = {
  /** Goes before the contents. */
  readonly head: Buffer;
  seal(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer>;
  /** The key as an encrypted field of the document; with texts opened now, however long it took. */
  keyFor(texts: TenantTexts): string;
} | null;

const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * In the tier that holds its own seal an upload never touches the disk in the clear: AES-256-GCM under
 * a key of its own. That key is a field of the document's row, so a rotation of the data key moves it.
 */
export function sealOf(texts: TenantTexts, documentId: string): UploadSeal {
  if (texts.tier === 'standard') return null;
  const iv = randomBytes(IV_BYTES);
  const key = takeKey(randomBytes(32));
  return {
    head: iv,
    seal: async function* (source) {
      const cipher = createCipheriv('aes-256-gcm', key, iv);
      for await (const part of source) yield cipher.update(part);
      yield cipher.final();
      yield cipher.getAuthTag();
    },
    keyFor: (open) => open.encrypt(places.uploadKey(documentId), key.export().toString('base64')),
  };
}

type Waiting = {
  documentId: string;
  file: string;
  /** As its row has it; null for one that an earlier release took in: it stands in the file. */
  uploadKey: string | null;
};

/** The contents of a sealed upload, in memory alone. Throws when a bit of it was changed. */
export async function openUpload(texts: TenantTexts, waiting: Waiting): Promise<Buffer> {
  const stored = await readFile(waiting.file);
  const { key, body } = takeApart(texts, waiting, stored);
  const decipher = createDecipheriv('aes-256-gcm', key, body.subarray(0, IV_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAuthTag(body.subarray(-TAG_BYTES));
  return Buffer.concat([decipher.update(body.subarray(IV_BYTES, -TAG_BYTES)), decipher.final()]);
}

function takeApart(
  texts: TenantTexts,
  { documentId, uploadKey }: Waiting,
  stored: Buffer,
): { key: KeyObject; body: Buffer } {
  const open = (place: Parameters<TenantTexts['decrypt']>[0], text: string): KeyObject =>
    takeKey(Buffer.from(texts.decrypt(place, text), 'base64'));
  if (uploadKey !== null)
    return { key: open(places.uploadKey(documentId), uploadKey), body: stored };
  const end = stored.indexOf('\n');
  const place = { table: 'documents', row: documentId, field: 'upload' };
  return {
    key: open(place, stored.subarray(0, end).toString('latin1')),
    body: stored.subarray(end + 1),
  };
}

function takeKey(bytes: Buffer): KeyObject {
  const key = createSecretKey(bytes);
  bytes.fill(0);
  return key;
}
