import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { casemateVersion } from '../../commands/version.ts';
import { Fault } from '../../fault.ts';
import { checksumSources } from '../../server-build/checksum-sources.ts';
import { getBuiltServer } from '../../server-build/get-built-server.ts';
import type { Progress } from '../../terminal/reporter.ts';
import { shippedDefaults } from '../../upgrade/shipped-defaults.ts';
import { type BundledFile, type Manifest, manifestText } from '../manifest.ts';
import { findNewestSource } from './newest-source.ts';
import { cycloneDx, spdx } from './sbom.ts';
import { listShippedPackages } from './shipped-packages.ts';
import {
  highestOf,
  stageComponents,
  stageLicences,
  stagePackageLicences,
} from './stage-components.ts';
import type { StagedComponents } from './stage-components.ts';
import { stageProduct } from './stage-product.ts';
import { stageIn, type Stage } from './stage.ts';
import { publish, withUnfinished } from './unfinished.ts';
import { writeArchive, type Written } from './write-archive.ts';

export type BundleRequest = {
  checkoutDir: string;
  cacheDir: string;
  reportDir: string;
  outDir: string;
  privatePem: string;
  split: number | null;
  /** Text of the manifest of an earlier bundle: what it has is left out. */
  since: string | null;
  progress: (progress: Progress) => void;
};

export type CreatedBundle = Written & { name: string; version: string; omitted: number };

/** Gathers everything that an appliance is made of, and writes it as one signed archive. */
export function createBundle(request: BundleRequest): Promise<CreatedBundle> {
  return withUnfinished(request.outDir, async (dir) => {
    const [staging, outDir] = [path.join(dir, 'files'), path.join(dir, 'archive')];
    for (const made of [staging, outDir]) await mkdir(made);
    const manifest = leaveOut(await gather(request, stageIn(staging)), request.since);
    const suffix = manifest.base ? `-since-${manifest.base.version}` : '';
    const name = `casemate-${manifest.version}-linux-x64${suffix}`;
    request.progress({ text: 'writing the archive' });
    const { privatePem, split } = request;
    const written = await writeArchive({ manifest, staging, outDir, name, privatePem, split });
    await publish(outDir, request.outDir, name);
    const { version, omitted } = manifest;
    return { ...written, name, version, omitted: omitted.length };
  });
}

async function gather(request: BundleRequest, stage: Stage): Promise<Manifest> {
  const { checkoutDir, cacheDir, progress } = request;
  const say = (text: string) => progress({ text });
  const version = casemateVersion();
  const { released, commit } = await findNewestSource(checkoutDir);
  const staged = await stageComponents(stage, { cacheDir, say });
  const node = staged.trees.find(({ name }) => name === 'node');
  const checksum = await checksumSources(checkoutDir, node?.version ?? '');
  const executable = node?.executables['node'] ?? process.execPath;
  const build = { checkoutDir, cacheDir, version, checksum, node: executable, progress: say };
  await stageProduct(stage, { ...request, built: await getBuiltServer(build), lock: staged.lock });
  const packages = listShippedPackages(checkoutDir);
  await stageLicences(stage, staged.trees);
  await stagePackageLicences(stage, packages);
  const bom = { version, released, components: staged.components, packages };
  await stage.write('sbom/casemate.cdx.json', cycloneDx(bom));
  await stage.write('sbom/casemate.spdx.json', spdx(bom));
  say('adding the checksums up');
  return manifestOf({
    version,
    released,
    commit,
    checksum,
    staged,
    files: await stage.list(),
    request,
  });
}

type Parts = {
  version: string;
  released: string;
  commit: string | null;
  checksum: string;
  staged: StagedComponents;
  files: BundledFile[];
  request: BundleRequest;
};

async function manifestOf({
  staged,
  files,
  request,
  checksum,
  ...parts
}: Parts): Promise<Manifest> {
  const stops = path.join(request.checkoutDir, 'installer', 'upgrade-stops.json');
  const { components, binaries } = staged;
  const unpacked = components.reduce((sum, { unpackedBytes }) => sum + unpackedBytes, 0);
  const others = files.filter(({ path: name }) => !name.startsWith('components/'));
  return {
    ...{ format: 1, product: 'casemate', version: parts.version, platform: 'linux-x64' },
    released: parts.released,
    commit: parts.commit,
    server: checksum,
    upgrade: JSON.parse(await readFile(stops, 'utf8')) as Manifest['upgrade'],
    base: null,
    requires: {
      glibc: highestOf(binaries) ?? '2.28',
      unpackedBytes: unpacked + others.reduce((sum, { size }) => sum + size, 0),
    },
    defaults: shippedDefaults,
    components,
    binaries,
    files,
    omitted: [],
  };
}

/** Only components are left out: everything else is small, and is wanted whole on the host. */
function leaveOut(manifest: Manifest, since: string | null): Manifest {
  if (since === null) return manifest;
  const base = JSON.parse(since) as Manifest;
  if (base.product !== 'casemate' || manifestText(base) !== since || base.base !== null)
    throw new Fault('--since needs the manifest of a whole bundle', {
      why: 'It is the file that ends in .manifest.json beside the earlier archive.',
      code: 'usage',
    });
  const had = new Set(base.files.map(({ path: name, sha256 }) => `${sha256} ${name}`));
  const isKnown = ({ path: name, sha256 }: BundledFile) =>
    name.startsWith('components/') && had.has(`${sha256} ${name}`);
  const files = manifest.files.filter((file) => !isKnown(file));
  const omitted = manifest.files.filter(isKnown);
  return {
    ...manifest,
    base: { version: base.version, manifest: createHash('sha256').update(since).digest('hex') },
    files,
    omitted,
  };
}
