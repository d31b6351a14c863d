/** What the first bytes of a file say: one of ours, a known stranger, or `none` (perhaps text). */
export type Signature = 'pdf' | 'zip' | 'ole' | 'none' | (string & {});

const SIGNATURES: readonly (readonly [name: string, offset: number, bytes: string])[] = [
  ['zip', 0, '504b0304'],
  ['zip', 0, '504b0506'],
  ['ole', 0, 'd0cf11e0a1b11ae1'],
  ['rtf', 0, '7b5c727466'],
  ['png', 0, '89504e47'],
  ['jpeg', 0, 'ffd8ff'],
  ['gif', 0, '47494638'],
  ['tiff', 0, '49492a00'],
  ['tiff', 0, '4d4d002a'],
  ['webp', 8, '57454250'],
  ['gzip', 0, '1f8b'],
  ['bzip2', 0, '425a68'],
  ['xz', 0, 'fd377a585a00'],
  ['7z', 0, '377abcaf271c'],
  ['rar', 0, '526172211a07'],
  ['zstd', 0, '28b52ffd'],
  ['sqlite', 0, '53514c69746520666f726d6174'],
  ['elf', 0, '7f454c46'],
  ['class', 0, 'cafebabe'],
  ['wasm', 0, '0061736d'],
  ['postscript', 0, '25215053'],
  ['tar', 257, '7573746172'],
];

/** Source: the formats' own specifications. */
export function findSignature(head: Uint8Array): Signature {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  const found = SIGNATURES.find(([, offset, hex]) => {
    const wanted = Buffer.from(hex, 'hex');
    return bytes.subarray(offset, offset + wanted.length).equals(wanted);
  });
  if (found) return found[0];
  if (/^(\xef\xbb\xbf)?\s*%PDF-\d/.test(bytes.subarray(0, 64).toString('latin1'))) return 'pdf';
  // A Windows program: two letters are weak evidence, so its second header must be there as well.
  if (bytes.subarray(0, 2).equals(Buffer.from('MZ')) && bytes.includes('PE\0\0')) return 'exe';
  return 'none';
}
