import { crc32, inflateRawSync } from 'node:zlib';
import { ParseError } from './parse-error.ts';
import type { ParseLimits } from './parse-limits.ts';
import { readZipDirectory, type ZipEntry } from './zip-directory.ts';

const LOCAL = 0x04034b50;
const LOCAL_BYTES = 30;
const RATIO_FROM_BYTES = 1024 * 1024;

/** A ZIP archive in memory whose declared sizes were checked, and are enforced while unpacking. */
export interface ZipArchive {
  names: readonly string[];
  /** Unpacks one entry; undefined when there is none of this name. */
  read: (name: string) => Uint8Array | undefined;
}

type Limits = Pick<ParseLimits, 'entries' | 'ratio' | 'unpackedBytes'>;

/**
 * Opens an archive without unpacking anything.
 *
 * @throws ParseError zip_bomb for too many entries, too much in all, too high a ratio or entries
 *   that share bytes; broken; encrypted
 */
export function openZip(bytes: Uint8Array, limits: Limits): ZipArchive {
  const zip = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries = readZipDirectory(zip, limits.entries);
  checkSizes([...entries.values()], limits);
  return {
    names: [...entries.keys()],
    read: (name) => {
      const entry = entries.get(name);
      return entry && unpack(zip, entry);
    },
  };
}

function checkSizes(entries: ZipEntry[], limits: Limits): void {
  let unpacked = 0;
  let free = 0;
  for (const entry of entries.toSorted((a, b) => a.offset - b.offset)) {
    unpacked += entry.bytes;
    const tooDense =
      entry.bytes > RATIO_FROM_BYTES && entry.bytes / entry.packedBytes > limits.ratio;
    // Entries that overlap unpack the same bytes many times.
    if (tooDense || entry.offset < free) throw new ParseError('zip_bomb');
    free = entry.offset + LOCAL_BYTES + entry.packedBytes;
  }
  if (unpacked > limits.unpackedBytes) throw new ParseError('zip_bomb');
}

function unpack(zip: Buffer, entry: ZipEntry): Uint8Array {
  if (entry.offset + LOCAL_BYTES > zip.length || zip.readUInt32LE(entry.offset) !== LOCAL) {
    throw new ParseError('broken');
  }
  const extra = zip.readUInt16LE(entry.offset + 26) + zip.readUInt16LE(entry.offset + 28);
  const start = entry.offset + LOCAL_BYTES + extra;
  const packed = zip.subarray(start, start + entry.packedBytes);
  const data = entry.method === 'stored' ? packed : inflate(packed, entry.bytes);
  if (data.length !== entry.bytes || crc32(data) !== entry.crc32) throw new ParseError('broken');
  return data;
}

function inflate(packed: Buffer, declaredBytes: number): Buffer {
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, declaredBytes) });
  } catch (cause) {
    // It unpacks to more than it declared: a header that lies.
    const lied = (cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    throw new ParseError(lied ? 'zip_bomb' : 'broken', undefined, { cause });
  }
}
