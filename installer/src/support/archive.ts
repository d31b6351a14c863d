import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { Fault } from '../fault.ts';
import { blockBytes, readTarHeader, tarEnd, tarHeader, tarPadding } from '../bundle/tar.ts';

export type BundleFile = { path: string; text: string };

const SUMS = 'SHA256SUMS';
/** Larger than any bundle of ours: an archive that unpacks without end is none. */
const LARGEST = 256 * 1024 * 1024;

export const sumOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** One archive, as every tar reads it, with the checksums of its files in it (`sha256sum -c`). */
export function packFiles(folder: string, files: readonly BundleFile[]): Buffer {
  const sums = files.map(({ path, text }) => `${sumOf(text)}  ${path}\n`).join('');
  const blocks = [...files, { path: SUMS, text: sums }].flatMap(({ path, text }) => {
    const bytes = Buffer.from(text);
    const header = tarHeader({ path: `${folder}/${path}`, size: bytes.length, mode: 0o644 });
    return [header, bytes, tarPadding(bytes.length)];
  });
  return gzipSync(Buffer.concat([...blocks, tarEnd]));
}

/** Reads such an archive; what is not as it was written is refused. */
export function unpackFiles(archive: Buffer): BundleFile[] {
  try {
    const files = readEntries(gunzipSync(archive, { maxOutputLength: LARGEST }));
    const sums = files.find(({ path }) => path === SUMS)?.text;
    const rest = files.filter(({ path }) => path !== SUMS);
    const wanted = rest.map(({ path, text }) => `${sumOf(text)}  ${path}\n`).join('');
    if (sums === wanted) return rest;
  } catch {
    // Said below, as for one whose checksums are wrong.
  }
  throw new Fault('This is no support bundle, or it was changed', {
    next: 'Make a new one: `casemate support create`.',
    code: 'damaged',
  });
}

function readEntries(tar: Buffer): BundleFile[] {
  const files: BundleFile[] = [];
  for (let at = 0; tar[at] !== 0 && at < tar.length;) {
    const header = tar.subarray(at, at + blockBytes);
    const { path, size } = readTarHeader(header);
    at += blockBytes;
    files.push({
      path: path.slice(path.indexOf('/') + 1),
      text: tar.toString('utf8', at, at + size),
    });
    at += Math.ceil(size / blockBytes) * blockBytes;
  }
  return files;
}
