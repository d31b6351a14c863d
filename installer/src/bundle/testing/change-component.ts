import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { unpack } from '../../components/unpack.ts';
import type { ComponentLock, ComponentName } from '../../components/index.ts';
import { packTree } from '../create/pack-tree.ts';
import type { BundledComponent } from '../manifest.ts';

export type ComponentChange = {
  /** What its programs say of themselves; the same where only its bytes change. */
  version?: string;
  /** Changes the unpacked component. */
  edit: (dir: string) => void;
};

const lockFile = 'installer/src/components/components.lock.json';

/** Puts another build of a component into an unpacked bundle: its archive, and its entry in the lock. */
export async function changeComponent(
  bundleDir: string,
  before: BundledComponent,
  { version = before.version, edit }: ComponentChange,
): Promise<BundledComponent> {
  const name = before.name as ComponentName;
  const lock = JSON.parse(readFileSync(path.join(bundleDir, lockFile), 'utf8')) as ComponentLock;
  const { bundle } = lock[name];
  if (!bundle || bundle.format === 'zip') throw new Error(`${name} is no archive of a bundle`);
  const { format } = bundle;
  const work = mkdtempSync(path.join(tmpdir(), 'cmchange-'));
  try {
    const archive = path.join(bundleDir, before.file);
    const tree = await unpack(archive, bundle, path.join(work, 'tree'));
    edit(tree);
    rmSync(archive);
    const file = `${name}-${version}.${format}`;
    const place = `components/${name}/${file}`;
    const { sha256, unpackedBytes } = await packTree(tree, path.join(bundleDir, place), format);
    lock[name] = { ...lock[name], version, bundle: { file, sha256, format, root: '.' } };
    writeFileSync(path.join(bundleDir, lockFile), `${JSON.stringify(lock, null, 2)}\n`);
    return { ...before, version, file: place, sha256, unpackedBytes };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
