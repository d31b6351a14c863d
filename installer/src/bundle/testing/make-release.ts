import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { defaultCacheDir } from '../../components/index.ts';
import { createBundle } from '../create/create-bundle.ts';
import { verifyBundle } from '../open-bundle.ts';
import type { KeyPair } from '../signing.ts';

export const checkoutDir = path.resolve(import.meta.dirname, '../../../..');

export type Release = {
  name: string;
  /** Where the archive and what stands beside it lie. */
  dir: string;
  /** The archive, or its first part. */
  archive: string;
  fingerprint: string;
  /** Text of its manifest, from which a differential bundle begins. */
  manifest: string;
  bytes: number;
  seconds: number;
};

type Wish = {
  dir: string;
  key: KeyPair;
  split?: number;
  since?: string;
  say?: (text: string) => void;
};

/** A bundle of this checkout, of the components in the cache, signed by a key of its own. */
export async function makeRelease({ dir, key, split, since, say }: Wish): Promise<Release> {
  mkdirSync(dir, { recursive: true });
  const startedAt = performance.now();
  const made = await createBundle({
    ...{ checkoutDir, cacheDir: defaultCacheDir({}), reportDir: '/nonexistent', outDir: dir },
    ...{ privatePem: key.privatePem, split: split ?? null, since: since ?? null },
    progress: ({ text }) => say?.(text),
  });
  const { name, fingerprint, bytes } = made;
  return {
    ...{ name, dir, fingerprint, bytes },
    archive: path.join(dir, made.files[0] ?? ''),
    manifest: readFileSync(path.join(dir, `${name}.manifest.json`), 'utf8'),
    seconds: (performance.now() - startedAt) / 1000,
  };
}

/** Verifies it and unpacks it, as an upgrade does. Gives the folder. */
export async function unpackRelease(
  { archive, fingerprint }: Pick<Release, 'archive' | 'fingerprint'>,
  folder: string,
): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const signers = { fingerprints: [fingerprint], from: 'flag' as const };
  await verifyBundle(archive, { signers, extractTo: folder });
  return folder;
}
