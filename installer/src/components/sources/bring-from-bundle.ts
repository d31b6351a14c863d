import { copyFile } from 'node:fs/promises';
import path from 'node:path';
import { PassedOver } from '../passed-over.ts';
import type { BundleFile, ComponentName } from '../types.ts';
import { unpack } from '../unpack.ts';
import { verifyFile } from '../verify-file.ts';
import type { SourceOptions } from './source-options.ts';

/**
 * Takes `components/<name>/<file>` out of an unpacked bundle. The checksum is the lock's; that the
 * bundle as a whole is signed is proved before, by whoever unpacks it.
 */
export async function bringFromBundle(
  name: ComponentName,
  bundled: BundleFile,
  { bundleDir, workDir }: SourceOptions,
): Promise<string> {
  if (!bundleDir) throw new PassedOver('no bundle was given');
  const archive = path.join(workDir, bundled.file);
  // A copy, so that what was verified is what is unpacked, and a refusal leaves the bundle alone.
  await copyFile(path.join(bundleDir, 'components', name, bundled.file), archive).catch(
    (cause: unknown) => {
      if ((cause as NodeJS.ErrnoException).code === 'ENOENT')
        throw new PassedOver(`the bundle has no ${bundled.file}`);
      throw cause;
    },
  );
  await verifyFile(archive, bundled.sha256);
  return unpack(archive, bundled, path.join(workDir, 'tree'));
}
