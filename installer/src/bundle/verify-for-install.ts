import { existsSync } from 'node:fs';
import path from 'node:path';
import { Fault } from '../fault.ts';
import type { InstanceLayout } from '../instance/layout.ts';
import { findSettings } from '../instance/settings.ts';
import { realHost } from '../preflight/real-host.ts';
import { refuseMissingLibraries } from './check-libraries.ts';
import { compareVersions } from './elf.ts';
import { bundleNames, type Manifest } from './manifest.ts';
import type { VerifiedBundle } from './read-bundle.ts';
import { trustedSigners } from './trusted-signers.ts';
import { verifyFolder } from './verify-folder.ts';

export type InstallRequest = {
  layout: InstanceLayout;
  bundleDir: string;
  signer: string | undefined;
};

/** The folder of the bundle that this very program lies in; nothing in a checkout. */
export function ownBundle(rootDir: string): string | undefined {
  return existsSync(path.join(rootDir, bundleNames.signature)) ? rootDir : undefined;
}

/**
 * What must be true before an installation from a bundle changes anything: a known signer, every
 * file as it was signed, a host that its programs can run on, and no other version in its place.
 */
export async function verifyForInstall(request: InstallRequest): Promise<VerifiedBundle> {
  const signers = await trustedSigners(request.layout, request.signer);
  const verified = await verifyFolder(request.bundleDir, signers);
  const host = realHost();
  refuseWrongClock(verified.manifest, host.now());
  refuseOldLibc(verified.manifest, host.glibc);
  await refuseMissingLibraries(verified.manifest, host);
  const { manifest } = verified;
  if (manifest.base !== null)
    throw new Fault('A differential bundle can only upgrade', {
      why: `It has not the components that ${manifest.base.version} has.`,
      next: 'Install from the whole bundle.',
      code: 'source',
    });
  const installed = (await findSettings(request.layout))?.server;
  if (installed && installed.checksum !== manifest.server)
    throw new Fault(`${installed.version} is installed here already, in another build`, {
      why: 'An installation over it would skip the backup and the way back.',
      next: 'Use `casemate upgrade`, or ./upgrade.sh of the bundle. Nothing was changed.',
      code: 'path',
    });
  return verified;
}

const day = 86_400_000;

/** A clock that stands before the time the bundle was made makes certificates that are not valid yet. */
export function refuseWrongClock({ released }: Pick<Manifest, 'released'>, now: Date): void {
  if (now.getTime() + day >= Date.parse(released)) return;
  throw new Fault("This host's clock is wrong", {
    why: `It says ${now.toISOString()}; the bundle was made at ${released}.`,
    next: "Set it (`timedatectl`, or `date -u -s 'YYYY-MM-DD hh:mm'`), then run the command again. Nothing was changed.",
    code: 'preflight',
  });
}

/** A program that asks for newer symbols than the host's C library has does not start. */
export function refuseOldLibc({ requires, binaries }: Manifest, found: string | null): void {
  if (found !== null && compareVersions(found, requires.glibc) >= 0) return;
  const asking = binaries.filter(
    ({ glibc }) => glibc !== null && (found === null || compareVersions(glibc, found) > 0),
  );
  throw new Fault(`This host's C library is too old for the bundle`, {
    why: `It has ${found ? `glibc ${found}` : 'no glibc'}; ${requires.glibc} is needed, by ${asking
      .slice(0, 3)
      .map((binary) => binary.path)
      .join(', ')}.`,
    next: 'Use a host with a newer system. Nothing was changed.',
    code: 'preflight',
  });
}
