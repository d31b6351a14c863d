import path from 'node:path';
import { bringFromBundle } from './sources/bring-from-bundle.ts';
import { bringFromRegistry } from './sources/bring-from-registry.ts';
import { bringFromVendor } from './sources/bring-from-vendor.ts';
import { recipeChecksum } from './sources/recipe-checksum.ts';
import type {
  BundleFile,
  ComponentName,
  EnsureOptions,
  LockedComponent,
  SourceName,
} from './types.ts';

/** One way to get a component: `bring` leaves its tree below `workDir` and gives the folder. */
export type Origin = { sha256: string; bring: (workDir: string) => Promise<string> };

type Request = { name: ComponentName; pinned: LockedComponent; options: EnsureOptions };

/** What the lock pins for a source, in the order in which it is tried. May be empty. */
export async function listOrigins(source: SourceName, request: Request): Promise<Origin[]> {
  const { name, pinned, options } = request;
  const { vendor, registry } = pinned;
  if (source === 'bundle') {
    return listBundleFiles(pinned).map((file) => ({
      sha256: file.sha256,
      bring: (workDir) => bringFromBundle(name, file, { ...options, workDir }),
    }));
  }
  if (source === 'vendor' && vendor?.sha256) {
    const release = { ...vendor, sha256: vendor.sha256 };
    const bring = (workDir: string) => bringFromVendor(release, { ...options, workDir });
    return [{ sha256: release.sha256, bring }];
  }
  if (source === 'registry' && registry) {
    const sha256 =
      registry.client === 'go' ? await recipeChecksum(registry, options.env) : registry.sha256;
    return [{ sha256, bring: (workDir) => bringFromRegistry(registry, { ...options, workDir }) }];
  }
  return [];
}

/** Why a source has no origin at all, in the words of whoever reads the report. */
export function explainNoOrigin(source: SourceName, pinned: LockedComponent): string {
  if (source === 'vendor' && pinned.vendor) return 'no pinned checksum';
  return 'nothing is pinned for it';
}

/** A bundle may carry a build of its own, or the very file that another source would bring. */
function listBundleFiles({ bundle, vendor, registry }: LockedComponent): BundleFile[] {
  const files: BundleFile[] = [];
  if (bundle) files.push(bundle);
  if (vendor?.sha256) {
    const file = path.basename(new URL(vendor.url).pathname);
    files.push({ ...vendor, file, sha256: vendor.sha256 });
  }
  if (registry && registry.client !== 'go') files.push(registry);
  return files;
}
