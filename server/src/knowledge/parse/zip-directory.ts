import { ParseError } from './parse-error.ts';

/** One file in an archive, as the central directory declares it. */
export interface ZipEntry {
  name: string;
  method: 'stored' | 'deflated';
  crc32: number;
  packedBytes: number;
  bytes: number;
  /** Where its own header begins. */
  offset: number;
}

const END = 0x06054b50;
const END_BYTES = 22;
const CENTRAL = 0x02014b50;
const CENTRAL_BYTES = 46;
const MAX_COMMENT = 0xffff;

/**
 * Reads the list of entries at the end of a ZIP archive (APPNOTE 6.3, sections 4.3.12 and 4.3.16).
 * Refuses what office files never are: split, 64-bit, with passwords, with names given twice or
 * names that lead out of the archive.
 *
 * @throws ParseError broken, encrypted
 */
export function readZipDirectory(zip: Buffer, maxEntries: number): Map<string, ZipEntry> {
  const end = findEnd(zip);
  const count = zip.readUInt16LE(end + 10);
  const size = zip.readUInt32LE(end + 12);
  const start = zip.readUInt32LE(end + 16);
  if (count === 0xffff || start + size > end) throw new ParseError('broken');
  if (count > maxEntries) throw new ParseError('zip_bomb');
  const entries = new Map<string, ZipEntry>();
  let at = start;
  for (let i = 0; i < count; i++) {
    if (at + CENTRAL_BYTES > end || zip.readUInt32LE(at) !== CENTRAL)
      throw new ParseError('broken');
    const entry = readEntry(zip, at);
    if (entries.has(entry.name)) throw new ParseError('broken');
    entries.set(entry.name, entry);
    at +=
      CENTRAL_BYTES +
      zip.readUInt16LE(at + 28) +
      zip.readUInt16LE(at + 30) +
      zip.readUInt16LE(at + 32);
  }
  return entries;
}

function findEnd(zip: Buffer): number {
  const last = zip.length - END_BYTES;
  for (let at = last; at >= Math.max(0, last - MAX_COMMENT); at--) {
    // The comment must reach exactly to the end, so that a comment can't hold a second directory.
    if (zip.readUInt32LE(at) === END && zip.readUInt16LE(at + 20) === last - at) return at;
  }
  throw new ParseError('broken', 'The file ends too early. Upload it again, or save a new copy.');
}

function readEntry(zip: Buffer, at: number): ZipEntry {
  const flags = zip.readUInt16LE(at + 8);
  if (flags & 0x2041) throw new ParseError('encrypted');
  const nameEnd = at + CENTRAL_BYTES + zip.readUInt16LE(at + 28);
  const name = zip.toString('utf8', at + CENTRAL_BYTES, nameEnd);
  if (/^[/\\]|(^|[/\\])\.\.([/\\]|$)|[\0]/.test(name)) throw new ParseError('broken');
  const method = zip.readUInt16LE(at + 10);
  if (method !== 0 && method !== 8) throw new ParseError('broken');
  return {
    name,
    method: method === 0 ? 'stored' : 'deflated',
    crc32: zip.readUInt32LE(at + 16),
    packedBytes: zip.readUInt32LE(at + 20),
    bytes: zip.readUInt32LE(at + 24),
    offset: zip.readUInt32LE(at + 42),
  };
}
