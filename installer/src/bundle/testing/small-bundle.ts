import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { tempDir } from '../../components/testing/temp-dir.ts';
import { writeArchive, type Written } from '../create/write-archive.ts';
import type { BundledFile, Manifest } from '../manifest.ts';
import { makeReleaseKey, type KeyPair } from '../signing.ts';

const script = '#!/bin/sh\necho hello\n';

export const smallFiles: Readonly<Record<string, string>> = {
  'components/node/node.tar.gz': 'n'.repeat(900),
  'install.sh': script,
  'verify.sh': script,
};

export type SmallBundle = {
  dir: string;
  name: string;
  key: KeyPair;
  manifest: Manifest;
  written: Written;
};

type Wish = {
  files?: Readonly<Record<string, string>>;
  key?: KeyPair;
  split?: number;
  odd?: Partial<Manifest>;
};

/** A bundle of three small files, really signed. */
export async function makeSmallBundle(wish: Wish = {}): Promise<SmallBundle> {
  const { files = smallFiles, key = makeReleaseKey(), split = null, odd = {} } = wish;
  const [staging, dir] = [tempDir(), tempDir()];
  for (const [name, text] of Object.entries({ ...smallFiles, ...files })) {
    mkdirSync(path.join(staging, path.dirname(name)), { recursive: true });
    writeFileSync(path.join(staging, name), text);
  }
  const manifest = { ...manifestOf(files), ...odd };
  const name = `casemate-${manifest.version}-linux-x64`;
  const privatePem = key.privatePem;
  const written = await writeArchive({ manifest, staging, outDir: dir, name, privatePem, split });
  return { dir, name, key, manifest, written };
}

export function manifestOf(files: Readonly<Record<string, string>>): Manifest {
  const listed = Object.entries(files).map(([name, text]): BundledFile => ({
    path: name,
    size: Buffer.byteLength(text),
    mode: name.endsWith('.sh') ? 'program' : 'file',
    sha256: createHash('sha256').update(text).digest('hex'),
  }));
  return {
    ...{ format: 1, product: 'casemate', version: '0.2.0', platform: 'linux-x64' },
    ...{ released: '2026-01-01T00:00:00.000Z', commit: null, server: 'abc' },
    upgrade: { from: '0.1.0', stops: [] },
    base: null,
    requires: { glibc: '2.28', unpackedBytes: 1000 },
    defaults: {},
    components: [],
    binaries: [{ path: 'node/bin/node', glibc: '2.28', libraries: ['libc.so.6'] }],
    files: listed,
    omitted: [],
  };
}
