import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { oncePerPath } from './collect-tree.ts';
import { writeTar, type TarEntry } from './tar.ts';

export type Blob = { digest: string; content: Buffer };

/** A compressed layer and the digest of what it holds uncompressed (OCI image specification 1.1). */
export type Layer = Blob & { diffId: string; from: string };

export function makeLayer(from: string, entries: readonly TarEntry[]): Layer {
  const tar = writeTar(oncePerPath(entries));
  const content = gzipSync(tar, { level: 6 });
  return { from, diffId: digestOf(tar), digest: digestOf(content), content };
}

export function digestOf(content: Buffer | string): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}
