import { textFlag } from '../../commands/command.ts';
import type { CommandCall } from '../../commands/command.ts';
import { Fault } from '../../fault.ts';
import type { Manifest } from '../manifest.ts';
import { verifyBundle } from '../open-bundle.ts';
import type { VerifiedBundle } from '../read-bundle.ts';
import { verifyProvenance } from '../verify-provenance.ts';
import { trustedSigners } from '../trusted-signers.ts';
import { formatTable } from '../../terminal/terminal.ts';
import type { Verb } from './verb.ts';

export const verify: Verb = async (call) => {
  const verified = await open(call);
  const { manifest, fingerprint } = verified;
  const { version, released, files, base } = manifest;
  const provenance = await verifyProvenance(call.words[1] ?? '', verified);
  const text = [
    `Casemate ${version} of ${released}: ${files.length} files, all as they were signed by ${fingerprint}`,
    provenance === null
      ? 'No provenance lies beside it.'
      : 'Its provenance holds: the same key, these files, these sources and components.',
  ].join('\n');
  const answer = { version, released, files: files.length, signer: fingerprint, base, provenance };
  call.answer(text, answer);
  return 'ok';
};

export const show: Verb = async (call) => {
  const { manifest, fingerprint } = await open(call);
  call.answer(describe(manifest, fingerprint), { signer: fingerprint, manifest });
  return 'ok';
};

async function open(call: CommandCall): Promise<VerifiedBundle> {
  const [, place] = call.words;
  if (place === undefined) throw new Fault('Name the bundle', { code: 'usage' });
  const signers = await trustedSigners(call.layout, textFlag(call, 'signer'));
  const step = call.reporter.step('Verify the bundle');
  try {
    const verified = await verifyBundle(place, { signers, progress: step.progress });
    step.done();
    return verified;
  } catch (error) {
    step.failed();
    throw error;
  }
}

function describe(
  { upgrade, requires, base, omitted, ...manifest }: Manifest,
  signer: string,
): string {
  const rows = manifest.components.map(({ name, version, licence, glibc, file }) => [
    name,
    version,
    licence,
    glibc ?? '-',
    omitted.some(({ path }) => path === file) ? 'not in this bundle' : '',
  ]);
  const libraries = [...new Set(manifest.binaries.flatMap((binary) => binary.libraries))].sort();
  return [
    `Casemate ${manifest.version} for ${manifest.platform}, of ${manifest.released}, commit ${manifest.commit ?? 'unknown'}`,
    `Signed by       ${signer}`,
    `Upgrades from   ${upgrade.from} or later${upgrade.stops.length > 0 ? `, with stops at ${upgrade.stops.join(', ')}` : ''}`,
    `Needs           glibc ${requires.glibc}, ${Math.ceil(requires.unpackedBytes / 1e6)} MB`,
    `Host libraries  ${libraries.join(' ')}`,
    ...(base ? [`Differential    needs the components of ${base.version}`] : []),
    '',
    formatTable([['COMPONENT', 'VERSION', 'LICENCE', 'GLIBC', ''], ...rows]),
  ].join('\n');
}
