import { mkdir } from 'node:fs/promises';
import type { VerifiedBundle } from '../bundle/read-bundle.ts';
import { pinSigner } from '../bundle/trusted-signers.ts';
import type { InstallContext } from '../steps/step.ts';

/** From now on this signer counts, and these defaults were shipped. */
export async function noteRelease(
  { layout, settings }: Pick<InstallContext, 'layout' | 'settings'>,
  { manifest, signer }: Pick<VerifiedBundle, 'manifest' | 'signer'>,
): Promise<void> {
  const { version, released, defaults } = manifest;
  settings.release = { version, released, defaults };
  await mkdir(layout.configDir, { recursive: true, mode: layout.asRoot ? 0o711 : 0o700 });
  await pinSigner(layout, signer);
}
