import { readdir } from 'node:fs/promises';
import path from 'node:path';
import {
  ensureComponent,
  readLock,
  type Component,
  type ComponentLock,
  type ComponentName,
} from '../../components/index.ts';
import { compareVersions, readElfNeeds } from '../elf.ts';
import type { BundledBinary, BundledComponent } from '../manifest.ts';
import { listTree, packTree, type Compression } from './pack-tree.ts';
import type { Stage } from './stage.ts';

export type StagedComponents = {
  components: BundledComponent[];
  binaries: BundledBinary[];
  /** The lock of the bundle: each component also names its archive in it. */
  lock: ComponentLock;
  trees: Component[];
};

type Source = { cacheDir: string; say: (text: string) => void };

/** Packs every component as it lies in the cache, and reads what its programs ask of a host. */
export async function stageComponents(
  stage: Stage,
  { cacheDir, say }: Source,
): Promise<StagedComponents> {
  const lock = structuredClone(readLock());
  const staged: StagedComponents = { components: [], binaries: [], lock, trees: [] };
  for (const name of Object.keys(lock) as ComponentName[]) {
    const tree = await ensureComponent(name, {
      cacheDir,
      // What the host installed for itself is not ours to pass on.
      sources: ['bundle', 'vendor', 'registry'],
      report: ({ text }) => say(text),
    });
    say(`packing ${name} ${tree.version}`);
    const format: Compression = name === 'node' ? 'tar.gz' : 'tar.zst';
    const file = `${name}-${tree.version}.${format}`;
    const place = `components/${name}/${file}`;
    const packed = await packTree(tree.dir, await stage.place(place), format);
    const binaries = await readBinaries(name, tree.dir);
    const { sha256, unpackedBytes } = packed;
    lock[name].bundle = { file, sha256, format, root: '.' };
    staged.binaries.push(...binaries);
    staged.trees.push(tree);
    staged.components.push({
      ...{ name, version: tree.version, licence: lock[name].licence },
      ...{ file: place, sha256, unpackedBytes },
      glibc: highestOf(binaries),
    });
  }
  return staged;
}

export function highestOf(binaries: readonly BundledBinary[]): string | null {
  const all = binaries.flatMap(({ glibc }) => glibc ?? []);
  return all.sort(compareVersions).at(-1) ?? null;
}

async function readBinaries(name: string, dir: string): Promise<BundledBinary[]> {
  const found: BundledBinary[] = [];
  const files = await listTree(dir);
  const carried = new Set(files.map((file) => path.basename(file.path)));
  for (const { path: file, link } of files) {
    if (link !== undefined) continue;
    const needs = await readElfNeeds(path.join(dir, file));
    if (!needs) continue;
    // What the component carries itself is not asked of the host.
    const libraries = needs.libraries.filter((library) => !carried.has(library));
    found.push({ path: `${name}/${file}`, glibc: needs.glibc, libraries });
  }
  return found;
}

/** Texts of licences that lie in a component, for the folder `licences`. */
export async function stageLicences(stage: Stage, trees: readonly Component[]): Promise<void> {
  for (const { name, dir } of trees)
    for (const { path: file, link } of await listTree(dir))
      if (
        link === undefined &&
        /(^|\/)(LICENSE|LICENCE|NOTICE|COPYING|COPYRIGHT)[^/]*$/i.test(file)
      )
        await stage.copy(path.join(dir, file), `licences/${name}/${file.replaceAll('/', '_')}`);
}

export type ShippedPackage = {
  name: string;
  version: string;
  licence: string;
  /** `sha512-…` of the lock. */
  integrity: string | null;
};

/** The licence texts of the packages that the server and the dashboard are built from. */
export async function stagePackageLicences(
  stage: Stage,
  packages: readonly (ShippedPackage & { dir: string })[],
): Promise<void> {
  for (const { name, version, dir } of packages) {
    const files = await readdir(dir).catch(() => []);
    for (const file of files.filter((one) => /^(licen[cs]e|notice|copying)/i.test(one)))
      await stage
        .copy(path.join(dir, file), `licences/npm/${name}@${version}/${file}`)
        .catch(() => undefined);
  }
}
