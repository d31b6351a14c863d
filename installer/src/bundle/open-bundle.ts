import { stat } from 'node:fs/promises';
import type { Progress } from '../terminal/reporter.ts';
import { findParts, readParts } from './parts.ts';
import { readBundle, type VerifiedBundle } from './read-bundle.ts';
import type { TrustedSigners } from './trusted-signers.ts';
import { verifyFolder } from './verify-folder.ts';

type Opening = {
  signers: TrustedSigners;
  extractTo?: string;
  progress?: (progress: Progress) => void;
  onManifest?: (manifest: VerifiedBundle['manifest']) => Promise<void> | void;
};

/** Verifies an archive, its parts, or an unpacked folder. */
export async function verifyBundle(place: string, opening: Opening): Promise<VerifiedBundle> {
  if ((await stat(place).catch(() => undefined))?.isDirectory())
    return verifyFolder(place, opening.signers);
  const parts = await findParts(place);
  const chunks = readParts(parts, (done, total) =>
    opening.progress?.({ text: 'reading', done, total }),
  );
  return readBundle(chunks, opening);
}
