import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { hashFile } from '../components/hash-file.ts';
import { findParts } from './parts.ts';
import { checkProvenance } from './provenance.ts';
import type { VerifiedBundle } from './read-bundle.ts';

/**
 * Holds the provenance beside an archive against the archive: signed by the same key, about exactly these
 * files, and of the components that the manifest names. Null where none lies there, and for an unpacked
 * folder, which it is not about. Throws a Fault with the code `signature` where it does not hold.
 */
export async function verifyProvenance(
  place: string,
  { manifest, signer }: Pick<VerifiedBundle, 'manifest' | 'signer'>,
): Promise<'holds' | null> {
  if ((await stat(place).catch(() => undefined))?.isDirectory()) return null;
  const { files } = await findParts(place);
  const beside = (files[0] ?? place).replace(/\.tar(\.\d{3})?$/, '.provenance.json');
  const text = await readFile(beside, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  });
  if (text === null) return null;
  const parts = [];
  for (const file of files) parts.push({ file: path.basename(file), sha256: await hashFile(file) });
  checkProvenance(text, { publicPem: signer, parts, manifest });
  return 'holds';
}
