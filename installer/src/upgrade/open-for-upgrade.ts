import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { textFlag, type CommandCall } from '../commands/command.ts';
import { verifyBundle } from '../bundle/open-bundle.ts';
import type { TrustedSigners } from '../bundle/trusted-signers.ts';
import { exitCodes, type ExitName } from '../exit-codes.ts';
import type { InstanceSettings } from '../instance/settings.ts';
import { refuseFullDisk, refuseWrongVersion } from './preflight-upgrade.ts';

type Opening = { call: CommandCall; settings: InstanceSettings; signers: TrustedSigners };

/** Verifies an archive while it is unpacked beside the programs. Gives the folder; a refusal leaves none. */
export async function unpackBundle(
  place: string,
  { call, settings, signers }: Opening,
): Promise<string> {
  const dir = path.join(call.layout.programsDir, 'bundles');
  await mkdir(dir, { recursive: true, mode: 0o755 });
  // What a killed upgrade left, that no journal names.
  for (const left of await readdir(dir)) await rm(path.join(dir, left), { recursive: true });
  const incoming = path.join(dir, '.incoming');
  const step = call.reporter.step('Verify and unpack the bundle');
  try {
    const { folder, fingerprint } = await verifyBundle(place, {
      signers,
      extractTo: incoming,
      progress: step.progress,
      onManifest: async (manifest) => {
        refuseWrongVersion(settings, manifest);
        const packed = manifest.files.reduce((sum, { size }) => sum + size, 0);
        await refuseFullDisk(dir, packed * 1.05, 'the unpacked bundle');
      },
    });
    await rename(incoming, path.join(dir, folder));
    step.done(`signed by ${fingerprint.slice(0, 16)}…`);
    return path.join(dir, folder);
  } catch (error) {
    step.failed();
    await rm(incoming, { recursive: true, force: true });
    throw error;
  }
}

/** The installer of the bundle goes on: it alone knows what its version needs. It verifies for itself. */
export async function handOver(bundleDir: string, call: CommandCall): Promise<ExitName> {
  const { layout, flags } = call;
  const main = path.join(bundleDir, 'installer', 'src', 'main.ts');
  const signer = textFlag(call, 'signer');
  const words = ['upgrade', bundleDir, '--instance', layout.instance];
  if (layout.root) words.push('--data-dir', layout.root, '--seal-dir', layout.sealDir);
  for (const name of ['yes', 'resume', 'dry-run', 'json']) if (flags[name]) words.push(`--${name}`);
  if (signer !== undefined) words.push('--signer', signer);
  const node = ['--disable-warning=ExperimentalWarning', main, ...words];
  const child = spawn(process.execPath, node, { stdio: 'inherit' });
  const [code] = (await once(child, 'close')) as [number | null];
  const names = Object.keys(exitCodes) as ExitName[];
  return names.find((name) => exitCodes[name] === code) ?? 'failed';
}
