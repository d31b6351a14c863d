import { open, type FileHandle } from 'node:fs/promises';
import { AppError } from '../../platform/index.ts';
import { HEADER_BYTES, MAGIC, rangeOf, SHA1_BYTES, sha1Of } from './leaked-store.ts';
import { spellingsOf } from './spellings-of.ts';

export type LeakedPasswords = {
  /** Whether the password, or what it is a well-known disguise of, stands in the list. */
  has(password: string): Promise<boolean>;
};

/** More in one range is no list that this program wrote. */
const MOST_IN_RANGE = 4_000_000;

/**
 * Looks a password up in the list beside the program (leaked-store.ts). Nothing leaves the process:
 * the file is asked for a range, and the comparison is made here. Closed when the list can't be read.
 */
export function createLeakedPasswords(path: string): LeakedPasswords {
  return {
    has: async (password) => {
      let file: FileHandle | undefined;
      try {
        file = await open(path);
        const bits = await readBits(file);
        for (const spelling of spellingsOf(password))
          if (await holds(file, sha1Of(spelling), bits)) return true;
        return false;
      } catch (cause) {
        throw new AppError(
          'unavailable',
          'The list of leaked passwords can not be read, so no password can be set; tell an administrator',
          { cause },
        );
      } finally {
        await file?.close();
      }
    },
  };
}

async function readBits(file: FileHandle): Promise<number> {
  const head = await readAt(file, 0, HEADER_BYTES);
  const bits = head.readUInt32BE(8);
  if (head.toString('latin1', 0, 8) !== MAGIC || bits > 24)
    throw new Error('this is no list of leaked passwords');
  return bits;
}

async function holds(file: FileHandle, sha1: Buffer, bits: number): Promise<boolean> {
  const bounds = await readAt(file, HEADER_BYTES + rangeOf(sha1, bits) * 4, 8);
  const [begin, end] = [bounds.readUInt32BE(0), bounds.readUInt32BE(4)];
  if (end < begin || end - begin > MOST_IN_RANGE) throw new Error('its ranges are out of order');
  const first = HEADER_BYTES + (2 ** bits + 1) * 4 + begin * SHA1_BYTES;
  const range = await readAt(file, first, (end - begin) * SHA1_BYTES);
  for (let at = 0; at < range.length; at += SHA1_BYTES)
    if (sha1.equals(range.subarray(at, at + SHA1_BYTES))) return true;
  return false;
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  if (bytesRead !== length) throw new Error('the list ends too early');
  return buffer;
}
