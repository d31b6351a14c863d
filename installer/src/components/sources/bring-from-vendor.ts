import path from 'node:path';
import type { VendorRelease } from '../types.ts';
import { unpack } from '../unpack.ts';
import { verifyFile } from '../verify-file.ts';
import { download } from './download.ts';
import type { SourceOptions } from './source-options.ts';

/** Takes the vendor's own release, from the vendor or from a mirror with the same paths. */
export async function bringFromVendor(
  release: VendorRelease & { sha256: string },
  { vendorBase, workDir, report, signal }: SourceOptions,
): Promise<string> {
  const { pathname } = new URL(release.url);
  const url = vendorBase ? new URL(pathname, vendorBase) : new URL(release.url);
  const archive = path.join(workDir, path.basename(pathname));
  await download(url, archive, { report, signal });
  await verifyFile(archive, release.sha256);
  return unpack(archive, release, path.join(workDir, 'tree'));
}
