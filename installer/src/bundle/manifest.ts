import { createHash } from 'node:crypto';
import { Fault } from '../fault.ts';

export type BundledFile = { path: string; size: number; mode: 'file' | 'program'; sha256: string };

export type BundledComponent = {
  name: string;
  version: string;
  licence: string;
  /** In the bundle, or, for a differential one, in the bundle that `base` names. */
  file: string;
  sha256: string;
  unpackedBytes: number;
  glibc: string | null;
};

/** Says of each program and library what it asks of the host. */
export type BundledBinary = { path: string; glibc: string | null; libraries: string[] };

/** manifest.json: what is in a bundle, and what it demands. `SHA256SUMS`, which is signed, covers it. */
export type Manifest = {
  format: 1;
  product: 'casemate';
  version: string;
  platform: 'linux-x64';
  /** Time of the sources; tells builds of one version apart. */
  released: string;
  commit: string | null;
  /** Checksum of the sources of the server, as `instance.json` names it. */
  server: string;
  upgrade: { from: string; stops: string[] };
  /** Names the bundle whose files a differential one leaves out. */
  base: { version: string; manifest: string } | null;
  requires: { glibc: string; unpackedBytes: number };
  /** Defaults of settings as this version ships them; see upgrade/merge-settings.ts. */
  defaults: Record<string, string | number>;
  components: BundledComponent[];
  binaries: BundledBinary[];
  files: BundledFile[];
  /** Files of `base` that are not here. */
  omitted: BundledFile[];
};

export const bundleNames = {
  key: 'release-key.pem',
  signature: 'SHA256SUMS.sig',
  sums: 'SHA256SUMS',
  manifest: 'manifest.json',
} as const;

/** Nothing that a shell, `sha256sum -c` or a path could read in another way. */
const plainPath = /^(?!.*(^|\/)\.{1,2}(\/|$))[A-Za-z0-9@_+~.,=-]+(\/[A-Za-z0-9@_+~.,=-]+)*$/;

export function isPlainPath(path: string): boolean {
  return plainPath.test(path) && path.length <= 240;
}

export function manifestText(manifest: Manifest): string {
  return `${JSON.stringify(manifest, null, 1)}\n`;
}

/** In the form of sha256sum(1), so that `sha256sum -c` checks it; the manifest stands first. */
export function sumsText(manifest: Manifest): string {
  const own = createHash('sha256').update(manifestText(manifest)).digest('hex');
  const lines = manifest.files.map(({ path, sha256 }) => `${sha256}  ${path}`);
  return [`${own}  ${bundleNames.manifest}`, ...lines, ''].join('\n');
}

/** The manifest of verified sums. Throws when it is not the one that they name, or not of this format. */
export function parseManifest(text: string, sums: string): Manifest {
  const digest = createHash('sha256').update(text).digest('hex');
  if (!sums.startsWith(`${digest}  ${bundleNames.manifest}\n`))
    throw damaged(`${bundleNames.manifest} is not the one that was signed`);
  const manifest = JSON.parse(text) as Manifest;
  if (manifest.format !== 1 || manifest.product !== 'casemate')
    throw new Fault('This bundle has a form that this version does not know', {
      next: 'Upgrade to a version in between first; its release notes name it.',
      code: 'path',
    });
  if (manifestText(manifest) !== text || sumsText(manifest) !== sums)
    throw damaged(`${bundleNames.sums} and ${bundleNames.manifest} do not name the same files`);
  const odd = [...manifest.files, ...manifest.omitted].find(({ path }) => !isPlainPath(path));
  if (odd) throw damaged(`it names a file "${odd.path}", which leads elsewhere`);
  return manifest;
}

export function damaged(why: string): Fault {
  return new Fault('The bundle is damaged or was changed', {
    why,
    next: 'Copy it again from where it was published. Nothing was changed on this host.',
    code: 'damaged',
  });
}
