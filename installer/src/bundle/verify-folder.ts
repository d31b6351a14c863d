import { lstat, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { hashFile } from '../components/hash-file.ts';
import { bundleNames, damaged, parseManifest } from './manifest.ts';
import { refuseUnknownSigner, type VerifiedBundle } from './read-bundle.ts';
import type { TrustedSigners } from './trusted-signers.ts';

/** The same as `readBundle` for a bundle that was unpacked: no file may be missing, other, or more. */
export async function verifyFolder(dir: string, signers: TrustedSigners): Promise<VerifiedBundle> {
  const read = (name: string) =>
    readFile(path.join(dir, name)).catch(() => {
      throw damaged(`${name} is missing in ${dir}.`);
    });
  const key = (await read(bundleNames.key)).toString('utf8');
  const [sums, signature] = [await read(bundleNames.sums), await read(bundleNames.signature)];
  const fingerprint = refuseUnknownSigner({ key, sums, signature }, signers);
  const text = (await read(bundleNames.manifest)).toString('utf8');
  const manifest = parseManifest(text, sums.toString('utf8'));
  for (const file of manifest.files) {
    const found = await lstat(path.join(dir, file.path)).catch(() => undefined);
    if (!found?.isFile()) throw damaged(`${file.path} is missing.`);
    if (found.size !== file.size || (await hashFile(path.join(dir, file.path))) !== file.sha256)
      throw damaged(`${file.path} has not the checksum that was signed.`);
  }
  const known = new Set([...Object.values(bundleNames), ...manifest.files.map((one) => one.path)]);
  for (const entry of await readdir(dir, { recursive: true, withFileTypes: true })) {
    const name = path.relative(dir, path.join(entry.parentPath, entry.name));
    if (!entry.isDirectory() && !known.has(name)) throw damaged(`${name} does not belong to it.`);
  }
  return { manifest, signer: key, fingerprint, folder: path.basename(dir) };
}
